/// Tables and curves of an outcome as CSV: name row, unit row, data. Opens in spreadsheets and reads back as input.
#pragma once

#include <map>
#include <string>

#include "run/outcome.hpp"

namespace heteroglass::run {

/// File name to content: one file for each table (NAME.csv) and one for each abscissa (curves_ABSCISSA.csv) with every
/// array over it, its error, its residual where it is drawn with data, and one column for each labelled row of a matrix.
std::map<std::string, std::string> csv_files(const Outcome& outcome);

/// One table: name row, unit row ("-" for a pure number), data.
std::string csv_text(const std::vector<TableColumn>& columns);

}  // namespace heteroglass::run
