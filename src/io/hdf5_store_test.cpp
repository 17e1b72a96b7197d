#include "io/hdf5_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <limits>
#include <numeric>

#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;

class Hdf5Store : public test::Folder {};

void fill(Hdf5Writer& out) {
  std::vector<double> big(30000);
  std::iota(big.begin(), big.end(), 0.5);
  big[7] = std::numeric_limits<double>::quiet_NaN();
  out.write("results/big", big, {10000, 3}, {{"unit", "angstrom"}, {"help", "positions"}});
  out.write("results/nested/count", std::vector<std::int64_t>{1, -2, std::int64_t{1} << 60}, {3});
  out.write("names", std::vector<std::string>{"Cu", "", "Å<0,0,12,0>"}, {3});
  out.write("scalar", std::vector<double>{0.1}, {});
  out.write("empty", std::vector<double>{}, {0, 3});
  out.group("results/none", {{"note", "nothing here"}});
  out.attribute("/", "version", "1");
  out.attribute("/", "version", "2");
}

TEST_F(Hdf5Store, RoundTrip) {
  Hdf5Writer out(path("a.h5"));
  fill(out);
  EXPECT_FALSE(std::filesystem::exists(path("a.h5")));
  out.commit();
  const Hdf5Reader in(path("a.h5"));
  EXPECT_THAT(in.names("/"), ElementsAre("empty", "names", "results", "scalar"));
  EXPECT_THAT(in.shape("results/big"), ElementsAre(10000, 3));
  EXPECT_DOUBLE_EQ(in.reals("results/big")[29999], 29999.5);
  EXPECT_EQ(in.attribute("results/big", "unit"), "angstrom");
  EXPECT_EQ(in.attribute("results/big", "nothing"), "");
  EXPECT_THAT(in.integers("results/nested/count"), ElementsAre(1, -2, std::int64_t{1} << 60));
  EXPECT_THAT(in.texts("names"), ElementsAre("Cu", "", "Å<0,0,12,0>"));
  EXPECT_TRUE(in.shape("scalar").empty());
  EXPECT_EQ(in.reals("scalar")[0], 0.1);
  EXPECT_TRUE(in.reals("empty").empty());
  EXPECT_EQ(in.attribute("/", "version"), "2");
  EXPECT_EQ(in.type("results"), Hdf5Reader::Type::group);
  EXPECT_EQ(in.type("names"), Hdf5Reader::Type::text);
  EXPECT_TRUE(in.exists("results/none"));
  EXPECT_FALSE(in.exists("results/no/such"));
  EXPECT_LT(std::filesystem::file_size(path("a.h5")), 150000U);  // compressed
}

TEST_F(Hdf5Store, NothingIsWrittenWithoutCommitOrOnAFullDisk) {
  {
    Hdf5Writer out(path("a.h5"));
    fill(out);
  }
  EXPECT_FALSE(std::filesystem::exists(path("a.h5")));
  if (!std::filesystem::exists("/dev/full")) GTEST_SKIP() << "no /dev/full here";
  Hdf5Writer full("/dev/full");
  fill(full);
  EXPECT_EQ(test::message([&] { full.commit(); }), "3 /dev/full: the file must be written whole, got 'No space left on device'");
}

TEST_F(Hdf5Store, Mistakes) {
  Hdf5Writer out(path("a.h5"));
  EXPECT_EQ(test::message([&] {
              out.write("x", std::vector<double>{1, 2}, {3});
            }),
            "3 " + path("a.h5") + ": array x must have 3 values by its shape, got 2");
  file("no.h5", "this is not HDF5");
  EXPECT_EQ(test::message([&] { Hdf5Reader in(path("no.h5")); }),
            "3 " + path("no.h5") + ": the file must be a whole HDF5 file, got one that does not open");
}

TEST_F(Hdf5Store, PythonReadsIt) {
  if (std::system("/usr/bin/python3 -c 'import h5py' > /dev/null 2>&1") != 0) GTEST_SKIP() << "no h5py here";
  Hdf5Writer out(path("a.h5"));
  fill(out);
  out.commit();
  file("read.py",
       "import h5py\nf = h5py.File('a.h5')\nassert f['results/big'].shape == (10000, 3) and f['results/big'][1, 1] == 4.5\n"
       "assert f['results/big'].attrs['unit'] == 'angstrom'\nassert f['names'].asstr()[2] == '\\u00c5<0,0,12,0>'\nassert f['scalar'][()] "
       "== 0.1\n");
  const std::string command = "cd '" + path("") + "' && /usr/bin/python3 read.py > out.txt 2>&1";
  EXPECT_EQ(std::system(command.c_str()), 0) << read_file(path("out.txt"));
}

}  // namespace
}  // namespace heteroglass::io
