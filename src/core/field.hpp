/// The self-description of options and results: one `fields()` table per aggregate.
///
/// From it come command-line flags, help, unit parsing, range checks, JSON, HDF5, CSV, the report and the manual.
///
///     const Fields& PdfOptions::fields() {
///       static const Fields table = {
///           field<&PdfOptions::r_max>("r_max", "angstrom", "upper end of the histogram").positive(),
///           field<&PdfOptions::weights>("weights", "", "what an atom counts as").one_of({"number", "xray", "neutron"}),
///       };
///       return table;
///     }
///
/// Names are snake_case here and hyphenated on the command line. `unit` is the unit a bare number has; "1" for pure
/// numbers, "" for what is not a number.
#pragma once

#include <cstddef>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/frame.hpp"
#include "core/value.hpp"

namespace heteroglass {

enum class Kind {
  real,              ///< double
  optional_real,     ///< std::optional<double>; unset: chosen from the data and echoed
  measured,          ///< Measured
  integer,           ///< int
  optional_integer,  ///< std::optional<int>
  flag,              ///< bool
  text,              ///< std::string
  reals,             ///< std::vector<double>
  integers,          ///< std::vector<int>
  texts,             ///< std::vector<std::string>
  named_reals,       ///< std::map<std::string, double>, written Cu=1.28,Zr=1.60
  matrix,            ///< Matrix
  table,             ///< Table
  frames,            ///< std::vector<Frame>: configurations that a step hands on
};

template <class T> struct KindOf;
template <> struct KindOf<double> { static constexpr Kind value = Kind::real; };
template <> struct KindOf<std::optional<double>> { static constexpr Kind value = Kind::optional_real; };
template <> struct KindOf<Measured> { static constexpr Kind value = Kind::measured; };
template <> struct KindOf<int> { static constexpr Kind value = Kind::integer; };
template <> struct KindOf<std::optional<int>> { static constexpr Kind value = Kind::optional_integer; };
template <> struct KindOf<bool> { static constexpr Kind value = Kind::flag; };
template <> struct KindOf<std::string> { static constexpr Kind value = Kind::text; };
template <> struct KindOf<std::vector<double>> { static constexpr Kind value = Kind::reals; };
template <> struct KindOf<std::vector<int>> { static constexpr Kind value = Kind::integers; };
template <> struct KindOf<std::vector<std::string>> { static constexpr Kind value = Kind::texts; };
template <> struct KindOf<std::map<std::string, double>> { static constexpr Kind value = Kind::named_reals; };
template <> struct KindOf<Matrix> { static constexpr Kind value = Kind::matrix; };
template <> struct KindOf<Table> { static constexpr Kind value = Kind::table; };
template <> struct KindOf<std::vector<Frame>> { static constexpr Kind value = Kind::frames; };

/// How a report shows an array result.
enum class Plot { none, line, points, bars, histogram, map };

struct Field {
  std::string name, unit, help;
  Kind kind = Kind::real;
  std::size_t offset = 0;  ///< of the member in its aggregate

  // options
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
  bool low_open = false;
  bool temperature_difference = false;
  bool in_key = true;                ///< false: how, not what, is computed (threads, paths); not part of a cache key
  std::vector<std::string> aliases;  ///< other spellings, without dashes
  std::vector<std::string> choices;  ///< allowed texts; empty: any

  // results
  bool per_atom = false;  ///< one entry (or matrix row) per atom, in the order of ids
  std::string column;     ///< per-atom: property name in extended XYZ (OVITO's where it has one)
  std::string against;    ///< array: name of the result that is its abscissa
  std::string rows;       ///< matrix: name of the texts result that labels its rows; of a map: of the array of its rows
  std::string error_of;   ///< this array is the standard uncertainty of that result, printed inside it
  std::string no_error;   ///< why the value has no uncertainty
  Plot plot = Plot::none;
  bool logarithmic = false;  ///< its axis is drawn on a logarithmic scale when all values are positive
  std::string drawn_with;    ///< array: drawn in the figure of that result (a model over its data), whatever its own kind of plot

  void* at(void* aggregate) const { return static_cast<char*>(aggregate) + offset; }
  const void* at(const void* aggregate) const { return static_cast<const char*>(aggregate) + offset; }
  template <class T> T& get(void* aggregate) const { return *static_cast<T*>(at(aggregate)); }
  template <class T> const T& get(const void* aggregate) const { return *static_cast<const T*>(at(aggregate)); }

  Field&& range(double from, double to) && {
    low = from, high = to;
    return std::move(*this);
  }
  Field&& positive() && {
    low = 0, low_open = true;
    return std::move(*this);
  }
  Field&& non_negative() && {
    low = 0;
    return std::move(*this);
  }
  Field&& difference() && {
    temperature_difference = true;
    return std::move(*this);
  }
  Field&& not_in_key() && {
    in_key = false;
    return std::move(*this);
  }
  Field&& alias(std::string a) && {
    aliases.push_back(std::move(a));
    return std::move(*this);
  }
  Field&& one_of(std::vector<std::string> c) && {
    choices = std::move(c);
    return std::move(*this);
  }
  Field&& atoms(std::string property) && {
    per_atom = true;
    column = std::move(property);
    return std::move(*this);
  }
  Field&& over(std::string abscissa, Plot how = Plot::line) && {
    against = std::move(abscissa), plot = how;
    return std::move(*this);
  }
  /// A matrix drawn in colours: its columns along result `x`, its rows, the top one first, along `y`.
  Field&& map(std::string x, std::string y) && {
    against = std::move(x), rows = std::move(y), plot = Plot::map;
    return std::move(*this);
  }
  Field&& labelled(std::string texts) && {
    rows = std::move(texts);
    return std::move(*this);
  }
  Field&& error_for(std::string result) && {
    error_of = std::move(result);
    return std::move(*this);
  }
  Field&& exact(std::string reason) && {
    no_error = std::move(reason);
    return std::move(*this);
  }
  Field&& as(Plot how) && {
    plot = how;
    return std::move(*this);
  }
  Field&& log_axis() && {
    logarithmic = true;
    return std::move(*this);
  }
  Field&& with(std::string result) && {
    drawn_with = std::move(result);
    return std::move(*this);
  }
};

using Fields = std::vector<Field>;

namespace detail {
template <class O, class V> std::size_t member_offset(V O::*member) {
  static O object{};
  return static_cast<std::size_t>(reinterpret_cast<const char*>(&(object.*member)) - reinterpret_cast<const char*>(&object));
}
template <auto M> struct MemberOf;
template <class O, class V, V O::*M> struct MemberOf<M> {
  using Owner = O;
  using Value = V;
};
}  // namespace detail

template <auto M> Field field(std::string name, std::string unit, std::string help) {
  using Value = typename detail::MemberOf<M>::Value;
  Field f;
  f.name = std::move(name), f.unit = std::move(unit), f.help = std::move(help);
  f.kind = KindOf<Value>::value;
  f.offset = detail::member_offset(M);
  return f;
}

/// Appends the fields of a member aggregate, so that options shared by several analyses are written once.
template <auto M> Fields with_nested(Fields own) {
  using Value = typename detail::MemberOf<M>::Value;
  for (Field f : Value::fields()) {
    f.offset += detail::member_offset(M);
    own.push_back(std::move(f));
  }
  return own;
}

}  // namespace heteroglass
