#include "run/curve_input.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <filesystem>
#include <limits>
#include <optional>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"
#include "io/curve_file.hpp"
#include "io/file_sequence.hpp"
#include "run/curve_roles.hpp"
#include "run/curve_split.hpp"
#include "run/property_texts.hpp"

namespace heteroglass::run {
namespace {

constexpr double most_missing = 0.5;  // of the rows

/// One curve with its roles, before steps are chosen.
struct Candidate {
  Curve curve;
  std::vector<RoleUse> uses;
  std::vector<std::string> notes;
};

bool is_heat_flow(const ColumnRole& role) {
  return folded(role.name).starts_with("heatflow") && (same_dimension(role.unit, "W/g") || same_dimension(role.unit, "W"));
}

/// Values of the role that a column plays, by rows.
CurveColumn converted(const Curve& table, const RoleUse& use, const std::vector<std::size_t>& rows) {
  CurveColumn out{use.role->name, use.role->unit.empty() ? "1" : use.role->unit, {}};
  out.values.reserve(rows.size());
  for (const std::size_t i : rows) out.values.push_back(use.scale * table.columns[use.column].values[i] + use.shift);
  return out;
}

Candidate candidate(const Curve& table, const Piece& piece, const std::vector<RoleUse>& uses, const std::vector<std::string>& notes) {
  Candidate c{{}, uses, notes};
  c.curve.source = piece.label.empty() ? table.source : fmt::format("{} ({})", table.source, piece.label);
  c.curve.label = table.label + (table.label.empty() || piece.label.empty() ? "" : ", ") + piece.label;
  c.curve.warnings = table.warnings;
  c.curve.properties = table.properties;
  for (const auto& [name, property] : piece.properties) c.curve.properties.try_emplace(name, property);
  for (const RoleUse& use : uses) c.curve.columns.push_back(converted(table, use, piece.rows));
  return c;
}

std::vector<Candidate> candidates(const Curve& table, const ColumnRoles& roles, const CurveOptions& options) {
  std::vector<std::string> notes;
  const std::vector<RoleUse> uses = role_uses(table, roles, options, notes);
  Curve stated = table;  // units the user gave also tell what cuts the table
  std::vector<std::string> said;
  for (CurveColumn& c : stated.columns) c.unit = column_unit(c, c.name, options, said);
  for (const RoleUse& use : uses) stated.columns[use.column].unit = use.unit;
  std::optional<Abscissa> abscissa;
  if (!uses.empty()) abscissa = {uses.front().column, uses.front().role->required};
  std::vector<Candidate> out;
  std::vector<std::string> cuts;
  for (const Piece& piece : pieces(stated, abscissa, options.split, cuts)) {
    std::vector<std::string> all = notes;
    for (const std::string& cut : cuts) all.push_back(cut);
    out.push_back(candidate(table, piece, uses, all));
  }
  return out;
}

/// An analysis without roles gets the columns as they are.
std::vector<Candidate> plain_candidates(Curve table, const CurveOptions& options) {
  std::vector<std::string> notes;
  for (CurveColumn& c : table.columns) c.unit = column_unit(c, c.name, options, notes);
  return {{std::move(table), {}, notes}};
}

std::vector<Candidate> read(const Analysis& analysis, const std::string& path, const CurveOptions& options, Context& context) {
  std::vector<Candidate> out;
  std::vector<std::pair<std::string, std::string>> failures;
  for (Curve& table : io::read_curves(path)) {
    try {
      auto found = analysis.columns ? candidates(table, *analysis.columns, options) : plain_candidates(std::move(table), options);
      for (Candidate& c : found) out.push_back(std::move(c));
    } catch (const InputError& e) {
      failures.emplace_back(table.source, e.what());
    }
  }
  if (out.empty() && !failures.empty()) throw InputError(failures.front().second);
  if (!failures.empty())
    context.warn(fmt::format("{}: {} of {} tables are left out; the first because {}", path, failures.size(), failures.size() + out.size(),
                             failures.front().second));
  return out;
}

std::string labels_of(const std::vector<Candidate>& all) {
  std::vector<std::string> shown;
  for (std::size_t i = 0; i < all.size() && i < 12; ++i)
    shown.push_back(all[i].curve.label.empty() ? fmt::format("{}", i + 1) : fmt::format("{} '{}'", i + 1, all[i].curve.label));
  return fmt::format("{}{}", fmt::join(shown, ", "), all.size() > 12 ? ", ..." : "");
}

/// Numbers count from 1, or from the end; anything else is a label, or a part of just one.
std::vector<std::size_t> steps_named(const std::string& name, const std::vector<Candidate>& all, const std::string& path) {
  long n = 0;
  const auto [end, status] = std::from_chars(name.data(), name.data() + name.size(), n);
  if (status == std::errc() && end == name.data() + name.size()) {
    const long count = static_cast<long>(all.size()), index = n > 0 ? n - 1 : count + n;
    if (n != 0 && index >= 0 && index < count) return {static_cast<std::size_t>(index)};
    throw InputError(fmt::format("--step: must be 1 to {} for {}, got {}; its curves are {}", count, path, n, labels_of(all)));
  }
  std::vector<std::size_t> exact, part;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].curve.label == name) exact.push_back(i);
    if (!name.empty() && folded(all[i].curve.label).find(folded(name)) != std::string::npos) part.push_back(i);
  }
  if (!exact.empty()) return exact;
  if (part.size() == 1) return part;
  throw InputError(fmt::format("--step: must name one curve of {}, got '{}'{}; its curves are {}", path, name,
                               part.empty() ? "" : fmt::format(", a part of {} labels", part.size()), labels_of(all)));
}

void choose_steps(std::vector<Candidate>& all, const std::string& step, const std::string& path) {
  if (step.empty()) return;
  std::vector<Candidate> chosen;
  for (const std::string& name : comma_parts(step))
    for (const std::size_t i : steps_named(name, all, path)) chosen.push_back(all[i]);
  all = std::move(chosen);
}

void keep_rows(Curve& curve, const std::vector<bool>& keep) {
  for (CurveColumn& c : curve.columns) {
    std::size_t n = 0;
    for (std::size_t i = 0; i < keep.size(); ++i)
      if (keep[i]) c.values[n++] = c.values[i];
    c.values.resize(n);
  }
}

std::size_t count_missing(const CurveColumn& c) {
  return static_cast<std::size_t>(std::count_if(c.values.begin(), c.values.end(), [](double v) { return !std::isfinite(v); }));
}

/// Optional columns that are mostly empty go; then rows with a gap go.
void drop_gaps(Candidate& c, Context& context) {
  Curve& curve = c.curve;
  const std::size_t rows = curve.size();
  for (std::size_t k = c.uses.size(); k-- > 0;) {
    const std::size_t missing = count_missing(curve.columns[k]);
    if (c.uses[k].role->required || static_cast<double>(missing) <= most_missing * static_cast<double>(rows)) continue;
    context.warn(
        fmt::format("{}: {} is not used, because {} of {} rows have no number there", curve.source, curve.columns[k].name, missing, rows));
    curve.columns.erase(curve.columns.begin() + static_cast<std::ptrdiff_t>(k));
    c.uses.erase(c.uses.begin() + static_cast<std::ptrdiff_t>(k));
  }
  std::vector<bool> keep(rows, true);
  for (const CurveColumn& column : curve.columns)
    for (std::size_t i = 0; i < rows; ++i) keep[i] = keep[i] && std::isfinite(column.values[i]);
  const std::size_t dropped = static_cast<std::size_t>(std::count(keep.begin(), keep.end(), false));
  if (dropped == 0) return;
  if (static_cast<double>(dropped) > most_missing * static_cast<double>(rows))
    throw InputError(
        fmt::format("{}: at least half of the rows must have numbers in all columns, got {} of {}; choose others with --columns",
                    curve.source, rows - dropped, rows));
  keep_rows(curve, keep);
  context.warn(fmt::format("{}: {} of {} rows have no number in some column and are left out", curve.source, dropped, rows));
}

struct Bounds {
  double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
};

Bounds bounds(const std::string& text, const std::string& unit) {
  const std::size_t colon = text.find(':');
  if (colon == std::string::npos || text == ":")
    throw InputError(fmt::format("--range: must be written FROM:TO, e.g. 300K:680K, got '{}'", text));
  Bounds b;
  if (colon > 0) b.low = parse_quantity(text.substr(0, colon), unit, "--range");
  if (colon + 1 < text.size()) b.high = parse_quantity(text.substr(colon + 1), unit, "--range");
  if (!(b.low < b.high)) throw InputError(fmt::format("--range: must rise from FROM to TO, got '{}'", text));
  return b;
}

void choose_range(Curve& curve, const std::string& range, bool partial) {
  if (range.empty() || curve.columns.empty()) return;
  std::vector<bool> keep(curve.size(), true);
  for (const auto& [name, text] : named_texts(range, "--range", curve.columns.front().name)) {
    if (partial && !has_column(curve, name)) continue;
    const CurveColumn& c = curve.columns[column_index(curve, name, "--range")];
    const Bounds b = bounds(text, c.unit.empty() ? "1" : c.unit);
    for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = keep[i] && c.values[i] >= b.low && c.values[i] <= b.high;
  }
  if (std::none_of(keep.begin(), keep.end(), [](bool k) { return k; })) {
    const CurveColumn& c = curve.columns.front();
    const auto [low, high] = std::minmax_element(c.values.begin(), c.values.end());
    throw InputError(fmt::format("--range: must hold points of {}, got '{}'; its {} is from {:.6g} to {:.6g} {}", curve.source, range,
                                 c.name, *low, *high, c.unit));
  }
  keep_rows(curve, keep);
}

void scale_column(CurveColumn& c, double factor) {
  for (double& v : c.values) v *= factor;
}

void divide_by_mass(Candidate& c) {
  for (std::size_t k = 0; k < c.uses.size(); ++k) {
    if (!c.uses[k].needs_mass) continue;
    const auto mass = c.curve.property("mass", "g");
    if (!mass || !(*mass > 0))
      throw InputError(fmt::format("{}: --mass must be given, because {} is in {} and {} is wanted per mass, got none", c.curve.source,
                                   c.uses[k].role->name, c.uses[k].unit, c.uses[k].role->name));
    scale_column(c.curve.columns[k], 1 / *mass);
  }
}

/// +1: exotherms are drawn upwards, so endotherm positive is minus the file; from the option, else from the file.
double exotherm_sign(const Curve& curve, const std::string& option, Context& context) {
  const auto file = curve.property("exotherm", "1");
  if (option == "file") {
    if (file) return *file;
    throw InputError(
        fmt::format("{}: --exotherm must be up or down, because the file does not state the direction of exotherms", curve.source));
  }
  const double given = option == "up" ? 1 : -1;
  if (file && *file != given)
    context.warn(
        fmt::format("{}: exotherms are taken {} as --exotherm says; the file says {}", curve.source, option, *file > 0 ? "up" : "down"));
  return given;
}

void turn_endotherm_positive(Candidate& c, const std::string& option, Context& context) {
  for (std::size_t k = 0; k < c.uses.size(); ++k) {
    if (!is_heat_flow(*c.uses[k].role)) continue;
    if (exotherm_sign(c.curve, option, context) > 0) scale_column(c.curve.columns[k], -1);
    c.curve.properties["exotherm"] = {-1, "1"};
  }
}

void normalise(Curve& curve, const std::string& text, bool partial, Context& context) {
  for (const auto& [name, by] : named_texts(text, "--normalise")) {
    if (partial && !has_column(curve, name)) continue;
    CurveColumn& c = curve.columns[column_index(curve, name, "--normalise")];
    if (c.values.empty()) continue;
    double value = by == "first" ? c.values.front()
                   : by == "max"
                       ? *std::max_element(c.values.begin(), c.values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); })
                       : parse_quantity(by, c.unit.empty() ? "1" : c.unit, "--normalise");
    if (value == 0) throw InputError(fmt::format("--normalise: {} of {} must be divided by another number than 0", c.name, curve.source));
    scale_column(c, 1 / value);
    context.warn(fmt::format("{}: {} is divided by {:.6g} {} ({}); 1 {} in the results means {:.6g} {}", curve.source, c.name, value,
                             c.unit, by, c.unit, value, c.unit));
  }
}

void set_properties(std::vector<Candidate>& all, const CurveOptions& options, FilePlace place) {
  for (const auto& [name, values] : property_lists(options.property)) {
    const bool by_file = values.size() == place.count && place.count > 1;
    if (values.size() != 1 && values.size() != all.size() && !by_file)
      throw InputError(
          fmt::format("--property {}: must have one value or one for each of the {} curves, got {}", name, all.size(), values.size()));
    for (std::size_t i = 0; i < all.size(); ++i) all[i].curve.properties[name] = values[by_file ? place.index : values.size() == 1 ? 0 : i];
  }
  if (options.mass)
    for (Candidate& c : all) c.curve.properties["mass"] = {*options.mass, "mg"};
}

void collect(std::vector<ColumnUse>& columns, const Candidate& c) {
  for (const RoleUse& use : c.uses)
    if (std::none_of(columns.begin(), columns.end(), [&](const ColumnUse& known) { return known.role == use.role->name; }))
      columns.push_back({use.role->name, use.name, use.unit});
}

/// A column that the user names must be in one of the files that are read together; in none: as if the first were read alone.
void refuse_unknown_columns(const Analysis& analysis, const std::vector<std::string>& paths, const CurveOptions& options,
                            const std::vector<Candidate>& all, Context& context) {
  for (const auto& pair : named_texts(options.columns, "--columns"))
    if (std::none_of(all.begin(), all.end(), [&](const Candidate& c) {
          return std::any_of(c.uses.begin(), c.uses.end(), [&](const RoleUse& u) { return folded(u.role->name) == folded(pair.first); });
        }))
      read(analysis, paths.front(), options, context);
}

/// The same remark on many files is told once.
class Notes {
 public:
  void add(const std::string& path, const std::string& text) {
    for (auto& [known, files] : notes_)
      if (known == text) {
        if (files.back() != path) files.push_back(path);
        return;
      }
    notes_.push_back({text, {path}});
  }
  void tell(Context& context) const {
    for (const auto& [text, files] : notes_)
      context.warn(files.size() == 1 ? fmt::format("{}: {}", files.front(), text)
                                     : fmt::format("{} and {} more: {}", files.front(), files.size() - 1, text));
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> notes_;
};

}  // namespace

std::vector<std::string> curve_files(const std::string& spec) {
  if (std::filesystem::exists(spec) || spec.find_first_of("*?[") == std::string::npos) return {spec};
  std::vector<std::string> files = io::matching_files(spec);
  if (files.empty()) throw FormatError(spec, 0, "the pattern must match at least one file, got none");
  return files;
}

CurveInput curve_input(const Analysis& analysis, const std::vector<std::string>& paths, const CurveOptions& given, FilePlace place,
                       Context& context) {
  std::vector<Candidate> all;
  Notes notes;
  CurveOptions options = given;
  options.partial = analysis.joins_files && paths.size() > 1;
  for (const std::string& path : paths) {
    std::vector<Candidate> found = read(analysis, path, options, context);
    choose_steps(found, options.step, path);
    const std::string stem = std::filesystem::path(path).stem().string();
    for (Candidate& c : found) {
      if (c.curve.label.empty())
        c.curve.label = stem;
      else if (paths.size() > 1)
        c.curve.label = stem + ", " + c.curve.label;
      for (const std::string& note : c.notes) notes.add(path, note);
      for (const std::string& warning : c.curve.warnings)
        notes.add(path, warning.starts_with(path + ": ") ? warning.substr(path.size() + 2) : warning);
      all.push_back(std::move(c));
    }
  }
  notes.tell(context);
  if (options.partial) refuse_unknown_columns(analysis, paths, given, all, context);
  set_properties(all, options, place);
  CurveInput input;
  for (Candidate& c : all) {
    if (analysis.columns) drop_gaps(c, context);
    choose_range(c.curve, options.range, options.partial);
    divide_by_mass(c);
    turn_endotherm_positive(c, options.exotherm, context);
    normalise(c.curve, options.normalise, options.partial, context);
    collect(input.columns, c);
    input.curves.push_back(std::move(c.curve));
  }
  return input;
}

}  // namespace heteroglass::run
