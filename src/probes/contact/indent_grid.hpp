/// Which place of a grid each indent of a list has.
///
///     rows        from left to right, the top row first          columns     from the top down, the left column first
///     serpentine  rows, every second one from right to left      positions   from the places that the file gives
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/value.hpp"

namespace heteroglass::probes {

struct IndentGrid {
  std::size_t columns = 0, rows = 0;
  double spacing_x = 0, spacing_y = 0;  ///< [nm]; 0: not known
  std::vector<std::size_t> place;       ///< of each indent: row * columns + column
  std::string order;
  Matrix map(std::span<const double> values) const;  ///< NaN where there is no indent
  std::vector<double> x() const, y() const;          ///< [nm] from the first column and row; numbers from 0 without a spacing
};

/// "11x11" (columns x rows). @throws InputError
struct GridSize {
  std::size_t columns = 0, rows = 0;
};
GridSize grid_size(const std::string& text);

/// @param numbers of the indents, from 1 @throws InputError when the number of indents is not that of the grid
IndentGrid grid_in_order(GridSize size, const std::string& order, std::span<const double> numbers, double spacing);

/// Nothing when the positions [nm] are not those of one grid.
std::optional<IndentGrid> grid_of_positions(std::span<const double> x, std::span<const double> y);

}  // namespace heteroglass::probes
