/// Curves in text files: CSV with a name row and a unit row, `log.lammps`, `fix ave/time` output.
#pragma once

#include <string>
#include <vector>

#include "core/curve.hpp"
#include "core/units.hpp"

namespace heteroglass::io {

/// One Curve per run of a LAMMPS log (thermo tables; warnings between rows are collected, a cut-off last row is dropped
/// and said). Units of the columns follow the log's `units` command. @throws FormatError
std::vector<Curve> read_lammps_log(const std::string& path);
/// Scalar-mode `fix ave/time` output; repeated headers start no new curve. @throws FormatError
std::vector<Curve> read_ave_time(const std::string& path);
/// Name row, unit row, data; comma, semicolon or tab. @throws FormatError on ragged rows or mangled numbers, with the line.
std::vector<Curve> read_csv(const std::string& path);
/// By content.
std::vector<Curve> read_curves(const std::string& path);
/// Name row, unit row, data; reads back bit for bit.
void write_csv(const std::string& path, const Curve& curve);

}  // namespace heteroglass::io
