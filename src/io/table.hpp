/// Rows of cells to curves: the part that all tables share, whatever file they come from.
///
/// Lines before the first row of numbers are a preamble (properties of the whole curve), a row of names and perhaps a row of
/// units. A repeated row of names, or lines of words between rows of numbers, begin another curve. Names that repeat as a pattern
/// (X, Y, X, Y) are curves side by side, labelled by the row above them. A column of words is left out and named; a damaged
/// number is refused with its line. Nothing is guessed about units: what the file does not say stays empty.
#pragma once

#include <string>
#include <vector>

#include "core/curve.hpp"

namespace heteroglass::io {

struct SheetRow {
  std::size_t line = 0;
  std::vector<std::string> cells;
  bool comment = false;  ///< a line that began with #, which is not a part of its cells
};

struct TableStyle {
  char decimal = '\0';           ///< '.' or ','; 0: told by the numbers, which must agree
  bool continued_names = false;  ///< a second row of words continues the names
  bool padded = false;           ///< rows may be shorter than the table (cells of a spreadsheet)
  std::string where = "line";    ///< what the numbers of rows count, for messages
};

/// @throws FormatError naming path and line: a ragged row, a damaged number, mixed decimal signs, no row of numbers
std::vector<Curve> curves_of_rows(const std::string& path, std::vector<SheetRow> rows, const TableStyle& style = {});

/// Rows of text split at the separator that gives most rows of numbers: tab, semicolon, comma, two blanks, blanks.
std::vector<SheetRow> rows_of_text(std::string_view text, std::size_t first_line = 1);
/// Rows split at one separator; ' ' for blanks. Double quotes hold cells together.
std::vector<SheetRow> rows_of_text(std::string_view text, char separator, std::size_t first_line);

/// One table whose names and units are known: rows are added, and checked, one by one.
class TableBuilder {
 public:
  TableBuilder(std::string path, std::vector<CurveColumn> columns) : path_(std::move(path)), columns_(std::move(columns)) {}
  /// Keeps the row for finish(). @throws FormatError when it has another number of cells
  void add(std::size_t line, std::vector<std::string> cells);
  bool empty() const { return rows_.empty(); }
  /// @throws FormatError for damaged numbers; `decimal` as in TableStyle
  Curve finish(char decimal = '\0');

 private:
  std::string path_;
  std::vector<CurveColumn> columns_;
  std::vector<SheetRow> rows_;
};

}  // namespace heteroglass::io
