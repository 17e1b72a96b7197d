/// An outcome as a short table for people: name, value +- error, unit.
#pragma once

#include <string>

#include "run/outcome.hpp"

namespace heteroglass::run {

/// "7.482 +- 0.031": the error with two digits, the value to the same place; "(1.806 +- 0.025)e-09" from 1e6 up and below
/// 1e-3; "0.345 +- 1700" where the error would hide the value. The rule is that of reports (report/number.hpp).
std::string rounded(double value, double error);
/// Results, options in force (defaults marked), warnings.
std::string text(const Outcome& outcome);

/// A table with aligned columns, x_error joined to x.
std::string table_text(const Table& table, UnitSystem system);

}  // namespace heteroglass::run
