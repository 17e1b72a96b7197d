// Damaged files: bytes changed, removed, doubled and cut by a fixed random sequence. Reading must either work or throw an Error.
#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "io/configuration.hpp"
#include "io/curve_file.hpp"
#include "io/hdf5_store.hpp"
#include "io/inspect.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

class Damage : public test::Folder {
 protected:
  static std::string damaged(std::string text, std::mt19937_64& random) {
    static constexpr char list[] = "0123456789.-+eE \n\t:\"=,nainfITEM@#\0\xff";
    static constexpr std::string_view bytes(list, sizeof(list) - 1);
    const auto at = [&] { return random() % (text.size() + 1); };
    for (std::uint64_t k = random() % 4 + 1; k > 0 && !text.empty(); --k) {
      const std::size_t i = std::min<std::size_t>(at(), text.size() - 1);
      switch (random() % 5) {
        case 0:
          text[i] = bytes[random() % bytes.size()];
          break;
        case 1:
          text.erase(i, random() % 12);
          break;
        case 2:
          text.insert(i, text.substr(at(), random() % 40));
          break;
        case 3:
          text.insert(i, 1 + random() % 12, bytes[random() % bytes.size()]);
          break;
        default:
          text.resize(i);
          break;
      }
    }
    return text;
  }

  template <class Read> void survive(const std::string& name, const std::string& valid, std::size_t rounds, Read&& read) {
    std::mt19937_64 random(12345);
    std::size_t refused = 0;
    ASSERT_NO_THROW(read(file(name, valid)));
    for (std::size_t k = 0; k < rounds; ++k) {
      const std::string content = damaged(valid, random);
      std::ofstream(path(name), std::ios::binary | std::ios::trunc) << content;
      try {
        read(path(name));
      } catch (const Error& e) {
        ++refused;
        EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
      } catch (const std::exception& e) {
        FAIL() << e.what() << " in round " << k << " of:\n" << content;
      }
    }
    EXPECT_GT(refused, rounds / 20) << name;
  }
};

const auto read_all = [](const std::string& path) {
  const auto trajectory = open_trajectory(path);
  for (std::size_t i = 0; i < trajectory->size(); ++i) static_cast<void>(trajectory->frame(i));
};

const std::string dump =
    "ITEM: UNITS\nmetal\nITEM: TIME\n0.5\nITEM: TIMESTEP\n0\nITEM: NUMBER OF ATOMS\n3\nITEM: BOX BOUNDS xy xz yz pp pp ff\n-1 9 -1\n0 8 "
    "0.5\n0 8 0.25\n"
    "ITEM: ATOMS id type element xs ys zs ix iy iz vx vy vz c_1[1]\n2 1 Cu .1 .2 .3 0 -1 2 1 2 3 4.5\n1 2 Zr .4 .5 .6 0 0 0 1 2 3 1e-5\n3 "
    "1 Cu .7 .8 .9 0 0 0 1 2 3 nan\n"
    "ITEM: TIME\n1.5\nITEM: TIMESTEP\n10\nITEM: NUMBER OF ATOMS\n1\nITEM: BOX BOUNDS pp pp pp\n0 9\n0 8\n0 8\nITEM: ATOMS id x y z\n2 1 2 "
    "3\n";

TEST_F(Damage, Dump) { survive("a.dump", dump, 400, read_all); }

TEST_F(Damage, CompressedDump) {
  file("a.gz", dump);
  std::ifstream packed(path("a.gz"), std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(packed)), {});
  std::mt19937_64 random(3);
  for (int k = 0; k < 60; ++k) {
    std::ofstream(path("b.gz"), std::ios::binary | std::ios::trunc) << damaged(bytes, random);
    try {
      read_all(path("b.gz"));
    } catch (const Error&) {
      continue;
    }
  }
}

TEST_F(Damage, Data) {
  survive("a.data",
          "LAMMPS data file, timestep = 5, units = real\n\n2 atoms\n2 atom types\n\n0 10 xlo xhi\n0 10 ylo yhi\n0 10 zlo zhi\n1 2 -3 xy xz "
          "yz\n\nMasses\n\n1 63.5 # Cu\n2 91.2\n\n"
          "Atoms # full\n\n1 1 1 .5 1 2 3 0 0 0\n2 1 2 .5 1 2 4 0 1 0\n\nVelocities\n\n1 0 0 0\n2 1 1 1\n\nBonds\n\n1 1 1 2\n",
          400, read_all);
}

TEST_F(Damage, ExtendedXyz) {
  survive("a.xyz",
          "2\nLattice=\"9 0 0 0 9 0 0 0 9\" Properties=species:S:1:pos:R:3:id:I:1:q:R:2 pbc=\"T T F\" Time=1 Timestep=4 species_order=\"Cu "
          "Zr\" masses=\"63 91\" Origin=\"0 0 0\"\n"
          "Cu 1 2 3 1 .1 .2\nZr 3 4 5 2 .1 .2\n1\nplain\nCu 1 2 3\n",
          400, read_all);
}

TEST_F(Damage, Curves) {
  const auto read = [](const std::string& path) { static_cast<void>(read_curves(path)); };
  survive("log.lammps",
          "LAMMPS (29 Sep 2021)\nunits metal\nPer MPI rank memory allocation (min/avg/max) = 1\nStep Temp\n0 1\n1 2\nLoop time of 1\nPer "
          "MPI rank memory allocation\n"
          "------------ Step 0 ----- CPU = 0 (sec) -----\nTotEng = -1 Temp = 2\n------------ Step 1 ----- CPU = 0 (sec) -----\nTotEng = -1 "
          "Temp = 2\nLoop time\n"
          "Per MPI rank memory allocation\n---\nkeywords: ['Step', 'Temp']\ndata:\n  - [0, 1]\n...\n",
          250, [&](const std::string& path) { static_cast<void>(read_lammps_log(path)), read(path); });
  survive("ave", "# Time-averaged data for fix a\n# TimeStep v_a v_b\n100 1 2\n200 3 4\n", 200, read);
  survive("a.csv", "T (K),\"a \"\"b\"\"\",c\nK,GPa,-\n1,2,3\n4,5,6\n", 200, read);
}

TEST_F(Damage, Store) {
  Hdf5Writer out(path("a.h5"));
  out.write("g/x", std::vector<double>{1, 2, 3}, {3}, {{"unit", "K"}});
  out.write("t", std::vector<std::string>{"a", "b"}, {2});
  out.commit();
  const std::string bytes = read_file(path("a.h5"));
  for (std::size_t cut : {std::size_t{0}, std::size_t{8}, bytes.size() / 4, bytes.size() / 2, bytes.size() - 1}) {
    std::ofstream(path("b.h5"), std::ios::binary | std::ios::trunc) << bytes.substr(0, cut);
    EXPECT_THROW(Hdf5Reader(path("b.h5")).names("/"), Error);
  }
}

const auto read_tables = [](const std::string& path) { static_cast<void>(read_curves(path)); };

TEST_F(Damage, ExportsOfInstruments) {
  const char* ta =
      "CLOSED\nVersion\t1\nSample\tx\nSize\t9\tmg\nExotherm\tUp\nNsig\t2\nSig1\tTime (min)\nSig2\tHeat Flow "
      "(mW)\nStartOfData\n-1\t2\n1\t2\n2\t3\n";
  const char* trios =
      "Filename\tx\n[File Parameters]\nName\tx\n[step]\nA - "
      "1\nTime\tModulus\ns\tMPa\n1\t10\n2\t20\n[step]\nB\nTime\tModulus\ns\tMPa\n1\t1\n";
  const char* netzsch =
      "#EXPORTTYPE:DATA COMPARE\n#FORMAT:NETZSCH5\n#DECIMAL:POINT\n#SEPARATOR:SEMICOLON\n#SAMPLE:a;b\n#EXO:-1\n##Temp./\xC2\xB0"
      "C;DSC/(mW/mg) [1];Temp./\xC2\xB0"
      "C;DSC/(mW/mg) [2]\n1;2;3;4\n2;3;;\n";
  const char* mettler = "Curve Name:\n x\nCurve Values:\n Index t Value\n [] [s] [mW]\n 0 0 1.5\n 1 1 2.5\nResults:\nSample:\n x, 3 mg\n";
  const char* table =
      "Probe: x\nMasse: 3 mg\n\nT [K];E (GPa);Datum\n300;1,5;12:30\n400;2,5;12:31\n\nzwei\nT [K];E (GPa);Datum\n300;1,5;12:30\n";
  const char* reptate = "T=1;Mw=2;\nFreq\tG'\nrad/s\tPa\n1 2\n2 3\n";
  for (const char* text : {ta, trios, netzsch, mettler, table, reptate}) survive("a.txt", text, 100, read_tables);
}

TEST_F(Damage, Workbook) {
  const std::filesystem::path book =
      std::filesystem::path(HETEROGLASS_SOURCE_DIR) / "../shared/data/relaxation/pyvisco_dma/freq_Eplexor_raw.xls";
  if (!std::filesystem::exists(book)) GTEST_SKIP() << "the workbook of ../shared is not there";
  const std::string valid = read_file(book);
  std::mt19937_64 random(7);
  for (int k = 0; k < 60; ++k) {
    std::string content = valid;
    if (k % 3 == 0) content.resize(random() % content.size());
    for (int n = 0; n < 20 && !content.empty(); ++n) content[random() % content.size()] = static_cast<char>(random());
    const std::string name = file("a.xls", content);
    try {
      read_curves(name);
    } catch (const Error&) {
    }
  }
}

}  // namespace
}  // namespace heteroglass::io
