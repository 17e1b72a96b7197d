/// LAMMPS as an independent program for tests: a frame goes out as a data file, a script is run, a text file comes back.
#pragma once

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "core/frame.hpp"

namespace heteroglass::test {

inline bool has_lammps() { return std::system("command -v lmp > /dev/null 2>&1") == 0; }

class LammpsOracle {
 public:
  explicit LammpsOracle(const Frame& f)
      : folder_(std::filesystem::temp_directory_path() / ("heteroglass_lammps_" + std::to_string(::getpid()))) {
    std::filesystem::create_directories(folder_);
    std::ofstream out(folder_ / "data");
    out.precision(17);
    const Mat3& h = f.box.edges();
    const Vec3 o = f.box.origin();
    out << "test\n\n" << f.size() << " atoms\n" << f.species.size() << " atom types\n";
    const char* names[] = {"xlo xhi", "ylo yhi", "zlo zhi"};
    for (std::size_t k = 0; k < 3; ++k) out << o[k] << ' ' << o[k] + h[k][k] << ' ' << names[k] << '\n';
    if (!f.box.is_orthogonal()) out << h[0][1] << ' ' << h[0][2] << ' ' << h[1][2] << " xy xz yz\n";
    out << "\nMasses\n\n";
    for (std::size_t s = 0; s < f.species.size(); ++s) out << s + 1 << " 50\n";
    out << "\nAtoms # atomic\n\n";
    for (std::size_t i = 0; i < f.size(); ++i)
      out << f.id[i] << ' ' << f.type[i] + 1 << ' ' << f.position[i].x << ' ' << f.position[i].y << ' ' << f.position[i].z << '\n';
  }
  ~LammpsOracle() { std::filesystem::remove_all(folder_); }
  LammpsOracle(const LammpsOracle&) = delete;
  LammpsOracle& operator=(const LammpsOracle&) = delete;

  /// Runs `commands` after the data file is read, with a pair style that only makes neighbours within r_cut. True on success.
  bool run(double r_cut, const std::string& commands) const {
    std::ofstream in(folder_ / "in");
    in << "units metal\natom_modify map array\nboundary p p p\n"
       << "box tilt large\n"
       << "read_data data\npair_style zero " << r_cut << "\npair_coeff * *\n"
       << commands << '\n';
    in.close();
    return std::system(("cd " + folder_.string() + " && lmp -in in -screen none -log log.lammps > /dev/null 2>&1").c_str()) == 0;
  }
  /// Numbers of every line of a file that holds numbers only.
  std::vector<std::vector<double>> numbers(const std::string& file) const {
    std::ifstream in(folder_ / file);
    std::vector<std::vector<double>> rows;
    for (std::string line; std::getline(in, line);) {
      std::istringstream text(line);
      std::vector<double> row;
      double v = 0;
      while (text >> v) row.push_back(v);
      if (text.eof() && !row.empty()) rows.push_back(row);
    }
    return rows;
  }

 private:
  std::filesystem::path folder_;
};

}  // namespace heteroglass::test
