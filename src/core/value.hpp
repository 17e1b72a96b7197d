/// The kinds of value that options and results are made of, beside plain numbers, text and vectors.
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace heteroglass {

/// A number with its standard uncertainty. Where there is none, `note` says why.
struct Measured {
  double value = std::numeric_limits<double>::quiet_NaN();
  double error = std::numeric_limits<double>::quiet_NaN();  ///< one standard uncertainty; NaN: none, see note
  std::string note;                                         ///< method of the error, or why there is none
};

/// A dense row-major matrix.
struct Matrix {
  std::size_t rows = 0, columns = 0;
  std::vector<double> values;

  Matrix() = default;
  Matrix(std::size_t r, std::size_t c, double fill = 0) : rows(r), columns(c), values(r * c, fill) {}
  double& operator()(std::size_t i, std::size_t j) { return values[i * columns + j]; }
  double operator()(std::size_t i, std::size_t j) const { return values[i * columns + j]; }
};

/// A column of a table: text (then a key) or numbers.
struct TableColumn {
  std::string name;
  std::string unit = "1";
  std::string help;
  bool is_text = false;
  std::vector<std::string> text;
  std::vector<double> number;
};

/// Rows with named columns. A column `x_error` holds the standard uncertainty of column `x`.
struct Table {
  std::vector<TableColumn> columns;

  TableColumn& add_text(std::string name, std::string help = {}) {
    columns.push_back({std::move(name), "1", std::move(help), true, {}, {}});
    return columns.back();
  }
  TableColumn& add_number(std::string name, std::string unit, std::string help = {}) {
    columns.push_back({std::move(name), std::move(unit), std::move(help), false, {}, {}});
    return columns.back();
  }
  std::size_t rows() const {
    if (columns.empty()) return 0;
    return columns.front().is_text ? columns.front().text.size() : columns.front().number.size();
  }
  const TableColumn* find(const std::string& name) const {
    for (const TableColumn& c : columns)
      if (c.name == name) return &c;
    return nullptr;
  }
};

}  // namespace heteroglass
