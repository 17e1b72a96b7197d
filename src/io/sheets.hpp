/// The sheets of a workbook to curves: every sheet that holds a table.
#pragma once

#include <string>
#include <vector>

#include "io/table.hpp"

namespace heteroglass::io {

struct Sheet {
  std::string name;
  std::vector<SheetRow> rows;
};

/// Sheets without a table of at least three rows and two columns of numbers are left out and named in a warning.
/// @throws FormatError when no sheet has one, and as curves_of_rows
std::vector<Curve> curves_of_sheets(const std::string& path, std::vector<Sheet> sheets);

}  // namespace heteroglass::io
