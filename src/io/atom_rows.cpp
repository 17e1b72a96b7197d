#include "io/atom_rows.hpp"

#include <omp.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>
#include <optional>

#include "core/error.hpp"
#include "io/number.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

struct RowError {
  std::size_t row;
  std::string what;
};

constexpr std::string_view describe(Into into) {
  switch (into) {
    case Into::id:
      return "an atom id (whole number)";
    case Into::type:
      return "an atom type (whole number from 1)";
    case Into::name:
      return "an element name of at most 8 characters";
    case Into::mass:
      return "a positive mass";
    case Into::coordinate:
      return "a finite coordinate";
    case Into::image:
      return "an image flag (whole number)";
    case Into::velocity:
      return "a finite velocity";
    case Into::property:
      return "a number";
    case Into::nothing:
      break;
  }
  return "a word";
}

class RowParser {
 public:
  RowParser(std::span<const RowColumn> columns, AtomRows& into) : columns_(columns), into_(into) {}

  /// Parses one line and returns the start of the next; nullptr on an error.
  const char* parse(const char* p, const char* end, std::size_t row) {
    for (const RowColumn& c : columns_) {
      p = skip_blanks(p, end);
      if (p == end || *p == '\n' || *p == '#') return nullptr;
      if (!take(c, p, end, row)) return nullptr;
    }
    p = skip_blanks(p, end);
    if (p < end && *p == '#') p = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    if (p == nullptr || p == end) return end;
    return *p == '\n' ? p + 1 : nullptr;
  }

  /// Why the line at p could not be parsed.
  std::string reason(const char* p, const char* end) {
    const char* newline = static_cast<const char*>(std::memchr(p, '\n', static_cast<std::size_t>(end - p)));
    const std::string_view line(p, static_cast<std::size_t>((newline ? newline : end) - p));
    const std::vector<std::string_view> found = words(line.substr(0, line.find('#')));
    for (std::size_t k = 0; k < std::min(found.size(), columns_.size()); ++k) {
      const char* q = found[k].data();
      if (!take(columns_[k], q, q + found[k].size(), 0))
        return fmt::format("column {} must be {}, got '{}'", k + 1, describe(columns_[k].into), excerpt(found[k]));
    }
    return fmt::format("an atom's line must have {} columns, got {}{}", columns_.size(), found.size(),
                       found.empty() ? std::string() : fmt::format(" ('{}')", excerpt(line)));
  }

 private:
  bool take(const RowColumn& c, const char*& p, const char* end, std::size_t row) {
    switch (c.into) {
      case Into::coordinate: {
        double& v = into_.coordinate[row][c.component];
        return parse_real(p, end, v) && std::isfinite(v);
      }
      case Into::id:
        return parse_integer(p, end, into_.id[row]);
      case Into::type:
        return parse_integer(p, end, into_.type[row]) && into_.type[row] >= 1 && into_.type[row] <= most_types;
      case Into::image:
        return parse_integer(p, end, into_.image[row][c.component]) && std::abs(into_.image[row][c.component]) < (1 << 24);
      case Into::velocity: {
        double& v = into_.velocity[row][c.component];
        return parse_real(p, end, v) && std::isfinite(v);
      }
      case Into::mass:
        return parse_real(p, end, into_.mass[row]) && into_.mass[row] > 0 && std::isfinite(into_.mass[row]);
      case Into::property: {
        AtomProperty& property = into_.properties[c.property];
        return parse_real(p, end, property.values[row * property.components + c.component]);
      }
      case Into::name: {
        const char* behind = token_end(p, end);
        if (behind - p > 8) return false;
        into_.name[row] = pack_name({p, static_cast<std::size_t>(behind - p)});
        p = behind;
        return true;
      }
      case Into::nothing:
        break;
    }
    p = token_end(p, end);
    return true;
  }

  std::span<const RowColumn> columns_;
  AtomRows& into_;
};

/// Start of the line after the one that holds p.
const char* next_line(const char* p, const char* end) {
  const void* newline = p < end ? std::memchr(p, '\n', static_cast<std::size_t>(end - p)) : nullptr;
  return newline ? static_cast<const char*>(newline) + 1 : end;
}

void allocate(AtomRows& rows, std::size_t n, std::span<const RowColumn> columns) {
  const auto wanted = [&](Into into) {
    return std::any_of(columns.begin(), columns.end(), [&](const RowColumn& c) { return c.into == into; });
  };
  rows.coordinate.resize(n);
  if (wanted(Into::id)) rows.id.resize(n);
  if (wanted(Into::type)) rows.type.resize(n);
  if (wanted(Into::name)) rows.name.resize(n);
  if (wanted(Into::mass)) rows.mass.resize(n);
  if (wanted(Into::velocity)) rows.velocity.resize(n);
  if (wanted(Into::image)) rows.image.resize(n);
  for (AtomProperty& p : rows.properties) p.values.resize(n * p.components);
}

template <class T> void reorder(std::vector<T>& values, const std::vector<std::uint32_t>& order, std::size_t components = 1) {
  if (values.empty()) return;
  std::vector<T> sorted(values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    std::copy_n(values.begin() + static_cast<std::ptrdiff_t>(order[i] * components), components,
                sorted.begin() + static_cast<std::ptrdiff_t>(i * components));
  values.swap(sorted);
}

[[noreturn]] void fail_twice(const AtomRows& rows, std::size_t a, std::size_t b, const RowPlace& place) {
  throw FormatError(place.path, place.line(std::max(a, b)),
                    fmt::format("atom ids must be unique, got {} again (first in line {})", rows.id[a], place.line(std::min(a, b))));
}

/// Ids are nearly always 1 to N in some order: then a table of places sorts them in linear time.
std::vector<std::uint32_t> order_of_ids(const AtomRows& rows, const RowPlace& place) {
  const std::vector<std::int64_t>& id = rows.id;
  const auto [low, high] = std::minmax_element(id.begin(), id.end());
  const std::uint64_t span = static_cast<std::uint64_t>(*high) - static_cast<std::uint64_t>(*low);
  std::vector<std::uint32_t> order;
  if (span < 4 * id.size() + 1000) {
    constexpr std::uint32_t none = ~std::uint32_t{0};
    std::vector<std::uint32_t> row_of(span + 1, none);
    for (std::size_t i = 0; i < id.size(); ++i) {
      std::uint32_t& row = row_of[static_cast<std::uint64_t>(id[i]) - static_cast<std::uint64_t>(*low)];
      if (row != none) fail_twice(rows, row, i, place);
      row = static_cast<std::uint32_t>(i);
    }
    order.reserve(id.size());
    for (std::uint32_t row : row_of)
      if (row != none) order.push_back(row);
    return order;
  }
  order.resize(id.size());
  std::iota(order.begin(), order.end(), std::uint32_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return id[a] < id[b]; });
  for (std::size_t i = 1; i < order.size(); ++i)
    if (id[order[i]] == id[order[i - 1]]) fail_twice(rows, order[i - 1], order[i], place);
  return order;
}

std::string reason(const char* p, const char* end, std::span<const RowColumn> columns, const AtomRows& into) {
  AtomRows scratch;
  for (const AtomProperty& property : into.properties)
    scratch.properties.push_back({property.name, property.unit, property.components, {}});
  allocate(scratch, 1, columns);
  return RowParser(columns, scratch).reason(p, end);
}

/// Before memory is taken for columns that are not there.
void check_first_row(const char* p, const char* end, std::span<const RowColumn> columns, const RowPlace& place, const AtomRows& into) {
  const std::string_view line(p, static_cast<std::size_t>(next_line(p, end) - p));
  if (line.empty()) return;
  if (words(line.substr(0, line.find_first_of("#\n"))).size() != columns.size())
    throw FormatError(place.path, place.line(0), reason(p, end, columns, into));
}

}  // namespace

std::uint64_t pack_name(std::string_view name) {
  std::uint64_t packed = 0;
  std::memcpy(&packed, name.data(), std::min<std::size_t>(name.size(), 8));
  return packed;
}

std::string unpack_name(std::uint64_t name) {
  char text[9] = {};
  std::memcpy(text, &name, 8);
  return text;
}

std::size_t count_rows(std::string_view text) {
  const auto ends = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return ends + (!text.empty() && text.back() != '\n' ? 1 : 0);
}

void parse_rows(std::string_view text, std::size_t rows, std::span<const RowColumn> columns, const RowPlace& place, AtomRows& into) {
  const char *begin = text.data(), *end = begin + text.size();
  check_first_row(begin, end, columns, place, into);
  allocate(into, rows, columns);
  const int parts = rows < 2000 || omp_in_parallel() ? 1 : omp_get_max_threads();
  std::vector<const char*> start(static_cast<std::size_t>(parts) + 1, end);
  start[0] = begin;
  for (std::size_t k = 1; k + 1 < start.size(); ++k)
    start[k] = next_line(std::max(start[k - 1], begin + text.size() * k / static_cast<std::size_t>(parts)), end);
  std::vector<std::size_t> first_row(start.size(), 0);
  std::vector<std::optional<RowError>> errors(static_cast<std::size_t>(parts));
#pragma omp parallel num_threads(parts) if (parts > 1)
  {
#pragma omp for schedule(static, 1)
    for (int k = 0; k < parts; ++k)
      first_row[static_cast<std::size_t>(k) + 1] =
          parts == 1 ? 0 : count_rows({start[k], static_cast<std::size_t>(start[k + 1] - start[k])});
#pragma omp single
    std::partial_sum(first_row.begin(), first_row.end(), first_row.begin());
#pragma omp for schedule(static, 1)
    for (int k = 0; k < parts; ++k) {
      RowParser parser(columns, into);
      const char* p = start[k];
      const std::size_t stop = k + 1 == parts ? rows : std::min(rows, first_row[static_cast<std::size_t>(k) + 1]);
      for (std::size_t row = first_row[static_cast<std::size_t>(k)]; row < stop; ++row) {
        const char* next = parser.parse(p, end, row);
        if (!next) {
          errors[static_cast<std::size_t>(k)] = RowError{row, reason(p, end, columns, into)};
          break;
        }
        p = next;
      }
    }
  }
  for (const std::optional<RowError>& e : errors)
    if (e) throw FormatError(place.path, place.line(e->row), e->what);
}

void sort_rows(AtomRows& rows, const RowPlace& place) {
  if (rows.id.empty()) return;
  if (std::adjacent_find(rows.id.begin(), rows.id.end(), std::greater_equal<>()) == rows.id.end()) return;
  const std::vector<std::uint32_t> order = order_of_ids(rows, place);
  reorder(rows.id, order);
  reorder(rows.type, order);
  reorder(rows.name, order);
  reorder(rows.mass, order);
  reorder(rows.coordinate, order);
  reorder(rows.velocity, order);
  reorder(rows.image, order);
  for (AtomProperty& p : rows.properties) reorder(p.values, order, p.components);
}

}  // namespace heteroglass::io
