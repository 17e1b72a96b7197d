#include "io/archive.hpp"

#include <gtest/gtest.h>

#include "io/atomic_file.hpp"

namespace heteroglass::io {
namespace {

TEST(Archive, ReadsBackWhatWasWritten) {
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "heteroglass_archive_test";
  Archive out;
  out << 3 << 0.1 << std::vector<double>{1, 2, 1e-300} << std::string("text") << std::vector<std::vector<double>>{{1}, {}};
  write_archive(path, "key", out);
  Archive in = read_archive(path, "key");
  ASSERT_FALSE(in.empty());
  int i = 0;
  double d = 0;
  std::vector<double> v;
  std::string s;
  std::vector<std::vector<double>> n;
  in >> i >> d >> v >> s >> n;
  EXPECT_EQ(i, 3);
  EXPECT_EQ(d, 0.1);
  EXPECT_EQ(v, (std::vector<double>{1, 2, 1e-300}));
  EXPECT_EQ(s, "text");
  EXPECT_EQ(n, (std::vector<std::vector<double>>{{1}, {}}));
  EXPECT_THROW(in >> i, Error);

  EXPECT_TRUE(read_archive(path, "other").empty());
  std::string bytes = read_file(path);
  bytes.back() = char(bytes.back() + 1);
  write_file(path, bytes);
  EXPECT_TRUE(read_archive(path, "key").empty());
  write_file(path, bytes.substr(0, 30));
  EXPECT_TRUE(read_archive(path, "key").empty());
  std::filesystem::remove(path);
  EXPECT_TRUE(read_archive(path, "key").empty());
}

}  // namespace
}  // namespace heteroglass::io
