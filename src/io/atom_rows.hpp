/// Lines of numbers, one atom each: the part that dumps, data files and extended XYZ have in common.
///
/// A table of columns says where each word of a line goes. Rows are parsed by all threads; the result does not depend on
/// their number. Cost: about 0.3 microseconds an atom and core for `id type x y z`.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/frame.hpp"

namespace heteroglass::io {

enum class Into : unsigned char { nothing, id, type, name, mass, coordinate, image, velocity, property };

struct RowColumn {
  Into into = Into::nothing;
  std::size_t component = 0;  ///< of a vector or property
  std::size_t property = 0;   ///< index into AtomRows::properties
};

struct AtomRows {
  std::vector<std::int64_t> id;
  std::vector<int> type;            ///< as written, from 1
  std::vector<std::uint64_t> name;  ///< up to eight characters, packed
  std::vector<double> mass;
  std::vector<Vec3> coordinate, velocity;
  std::vector<std::array<int, 3>> image;
  std::vector<AtomProperty> properties;  ///< name, components given by the caller; values filled here
  std::size_t size() const { return coordinate.size(); }
};

std::uint64_t pack_name(std::string_view name);
std::string unpack_name(std::uint64_t name);

/// The type number a file may name at most; more is taken for damage.
inline constexpr int most_types = 10000;

/// Where rows stand in their file, for messages. `first_line` is asked only when there is an error.
struct RowPlace {
  std::string path;
  std::function<std::size_t()> first_line;
  std::size_t line(std::size_t row) const { return first_line() + row; }
};

/// Lines of text, the last one also without its end.
std::size_t count_rows(std::string_view text);

/// Reads the first `rows` lines of `text`, of which there are as many. Text behind a '#' is no column.
/// @throws FormatError with the line: wrong number of columns, no number, coordinates or velocities that are not finite
void parse_rows(std::string_view text, std::size_t rows, std::span<const RowColumn> columns, const RowPlace& place, AtomRows& into);

/// Puts the rows into ascending order of id. @throws FormatError naming both lines of an id given twice
void sort_rows(AtomRows& rows, const RowPlace& place);

}  // namespace heteroglass::io
