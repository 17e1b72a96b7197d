#include "report/part.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "analyses.hpp"
#include "core/error.hpp"
#include "report/number.hpp"

namespace heteroglass::report {
namespace {

using Json = nlohmann::ordered_json;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double number_of(const Json& j) { return j.is_number() ? j.get<double>() : nan; }

std::string text_of(const Json& j) {
  if (j.is_string()) return j.get<std::string>();
  if (j.is_null()) return {};
  if (j.is_boolean()) return j.get<bool>() ? "yes" : "no";
  if (j.is_number()) return human(j.get<double>(), 10);
  std::vector<std::string> parts;
  for (const auto& [key, value] : j.items()) parts.push_back(j.is_object() ? key + " = " + text_of(value) : text_of(value));
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string member(const Json& j, const char* key) {
  const auto it = j.is_object() ? j.find(key) : j.end();
  return it == j.end() ? std::string() : text_of(*it);
}

void append_numbers(const Json& list, std::vector<double>& out) {
  for (const Json& entry : list) out.push_back(number_of(entry));
}

bool is_matrix(const Json& j) { return j.is_array() && !j.empty() && j.front().is_array(); }

void read_matrix(const Json& rows, PartResult& r) {
  r.shape = Shape::matrix;
  r.rows = rows.size(), r.columns = rows.front().size();
  for (const Json& row : rows) {
    if (!row.is_array() || row.size() != r.columns)
      throw FormatError("result", 0, fmt::format("rows of '{}' must have {} entries, got {}", r.field.name, r.columns, row.size()));
    append_numbers(row, r.values);
  }
}

std::string unit_of_column(const Json& entry, const std::string& column) {
  const auto unit = entry.find("unit");
  return unit != entry.end() && unit->is_object() ? member(*unit, column.c_str()) : std::string();
}

/// A column x_error becomes the error of x.
void join_errors(std::vector<PartColumn>& table) {
  for (PartColumn& c : table) {
    const auto error = std::find_if(table.begin(), table.end(), [&](const PartColumn& e) { return e.name == c.name + "_error"; });
    if (error != table.end() && !error->is_text) c.error = error->number;
  }
  std::erase_if(table, [&](const PartColumn& e) {
    return e.name.ends_with("_error") &&
           std::any_of(table.begin(), table.end(), [&](const PartColumn& c) { return c.name + "_error" == e.name; });
  });
}

void read_table(const Json& rows, const Json& entry, PartResult& r) {
  r.shape = Shape::table;
  for (const Json& row : rows) {
    for (const auto& [name, value] : row.items()) {
      auto at = std::find_if(r.table.begin(), r.table.end(), [&n = name](const PartColumn& c) { return c.name == n; });
      if (at == r.table.end()) r.table.push_back({name, unit_of_column(entry, name), false, {}, {}, {}}), at = r.table.end() - 1;
      at->is_text = at->is_text || value.is_string() || value.is_boolean() || value.is_structured();
    }
  }
  for (const Json& row : rows) {
    for (PartColumn& c : r.table) {
      const auto it = row.find(c.name);
      if (c.is_text)
        c.text.push_back(it == row.end() ? std::string() : text_of(*it));
      else
        c.number.push_back(it == row.end() ? nan : number_of(*it));
    }
  }
  join_errors(r.table);
}

void read_frames(const Json& list, PartResult& r) {
  r.shape = Shape::frames;
  for (const Json& f : list) {
    if (f.contains("file") && f["file"].is_string())
      r.frames.push_back({f["file"].get<std::string>(), f.value("index", 0L), f.value("atoms", std::size_t{0})});
  }
}

void read_array(const Json& list, const Json& entry, PartResult& r) {
  if (is_matrix(list)) return read_matrix(list, r);
  if (!list.empty() && list.front().is_object())
    return list.front().contains("file") && list.front().contains("atoms") ? read_frames(list, r) : read_table(list, entry, r);
  if (std::any_of(list.begin(), list.end(), [](const Json& j) { return j.is_string(); })) {
    r.shape = Shape::texts;
    for (const Json& j : list) r.texts.push_back(text_of(j));
    return;
  }
  r.shape = r.field.kind == Kind::table ? Shape::table : r.field.kind == Kind::frames ? Shape::frames : Shape::array;
  append_numbers(list, r.values);
}

void read_value(const Json& value, const Json& entry, PartResult& r) {
  if (value.is_number())
    r.shape = Shape::number, r.number = value.get<double>();
  else if (value.is_boolean())
    r.shape = Shape::flag, r.flag = value.get<bool>();
  else if (value.is_string())
    r.shape = Shape::text, r.text = value.get<std::string>();
  else if (value.is_array())
    read_array(value, entry, r);
  else if (value.is_object()) {
    r.shape = Shape::named;
    for (const auto& [key, v] : value.items()) r.texts.push_back(key), r.values.push_back(number_of(v));
  }
}

void read_error(const Json& error, PartResult& r) {
  if (error.is_number())
    r.error = error.get<double>();
  else if (is_matrix(error))
    for (const Json& row : error) append_numbers(row, r.errors);
  else if (error.is_array())
    append_numbers(error, r.errors);
  if (r.errors.size() != r.values.size()) r.errors.clear();
}

void read_interval(const Json& interval, PartResult& r) {
  const Json& pair = interval.is_object() && interval.contains("value") ? interval["value"] : interval;
  if (pair.is_array() && pair.size() == 2) r.low = number_of(pair[0]), r.high = number_of(pair[1]);
  r.interval_method = member(interval, "method");
}

Plot plot_named(const std::string& name) {
  if (name == "line") return Plot::line;
  if (name == "points") return Plot::points;
  if (name == "bars") return Plot::bars;
  if (name == "map") return Plot::map;
  return name == "histogram" ? Plot::histogram : Plot::none;
}

/// What a result says about itself, for analyses that are not (or no longer) in the registry.
void describe_itself(const Json& entry, Field& field) {
  field.help = member(entry, "help"), field.against = member(entry, "against"), field.rows = member(entry, "rows");
  field.drawn_with = member(entry, "with"), field.logarithmic = member(entry, "log") == "yes";
  field.column = member(entry, "column"), field.per_atom = !field.column.empty(), field.plot = plot_named(member(entry, "plot"));
}

PartResult read_result(const std::string& name, const Json& entry, const Fields& fields) {
  PartResult r;
  r.number = r.error = r.low = r.high = nan;
  const auto known = std::find_if(fields.begin(), fields.end(), [&](const Field& f) { return f.name == name; });
  if (known != fields.end())
    r.field = *known;
  else
    describe_itself(entry, r.field);
  r.field.name = name;
  if (!entry.is_object() || !entry.contains("value")) {
    read_value(entry, Json::object(), r);
    return r;
  }
  if (entry.contains("unit") && entry["unit"].is_string()) r.field.unit = entry["unit"].get<std::string>();
  r.note = member(entry, "note");
  read_value(entry["value"], entry, r);
  if (entry.contains("error")) read_error(entry["error"], r);
  if (entry.contains("interval")) read_interval(entry["interval"], r);
  return r;
}

PartOption read_option(const std::string& name, const Json& entry) {
  if (!entry.is_object() || !entry.contains("value")) return {name, text_of(entry), {}, false};
  return {name, text_of(entry["value"]), member(entry, "unit"), entry.value("default", false)};
}

const Json& list_of(const Json& object, const char* key) {
  static const Json none = Json::array();
  const auto it = object.find(key);
  return it == object.end() ? none : *it;
}

Part from_json(const Json& j, const Fields& fields) {
  Part p;
  p.analysis = member(j, "analysis"), p.version = member(j, "version"), p.command = member(j, "command"), p.units = member(j, "units");
  for (const Json& input : list_of(j, "inputs")) p.inputs.emplace_back(member(input, "path"), member(input, "sha256"));
  for (const auto& [name, entry] : list_of(j, "options").items()) p.options.push_back(read_option(name, entry));
  for (const auto& [name, entry] : list_of(j, "results").items()) p.results.push_back(read_result(name, entry, fields));
  for (const Json& w : list_of(j, "warnings")) p.warnings.push_back(text_of(w));
  for (const Json& r : list_of(j, "references")) p.references.push_back({r.is_string() ? text_of(r) : member(r, "text"), member(r, "doi")});
  return p;
}

Json parsed(const std::string& text) {
  Json j = Json::parse(text, nullptr, false);
  if (j.is_discarded() || !j.is_object()) throw FormatError("result", 0, "must be a JSON object as `--json` prints it");
  return j;
}

const Analysis* registered(const std::string& path) {
  const auto all = all_analyses();
  const auto at = std::find_if(all.begin(), all.end(), [&](const Analysis* a) { return a->path() == path; });
  return at == all.end() ? nullptr : *at;
}

}  // namespace

std::string PartResult::label() const { return humanised(field.name); }

const PartResult* Part::find(const std::string& name) const {
  const auto at = std::find_if(results.begin(), results.end(), [&](const PartResult& r) { return r.field.name == name; });
  return at == results.end() ? nullptr : &*at;
}

Part read_part(const std::string& json, const Fields& fields) { return from_json(parsed(json), fields); }

std::vector<std::pair<std::string, Part>> read_runs(const std::string& json) {
  const Json j = parsed(json);
  const Analysis* a = registered(member(j, "analysis"));
  std::vector<std::pair<std::string, Part>> runs;
  for (const Json& one : list_of(j, "runs"))
    if (one.is_object()) runs.emplace_back(member(one, "run"), from_json(one, a ? *a->results : Fields{}));
  return runs;
}

Part read_part(const std::string& json) {
  const Json j = parsed(json);
  const Analysis* a = registered(member(j, "analysis"));
  Part p = from_json(j, a ? *a->results : Fields{});
  if (a) p.summary = a->summary;
  return p;
}

}  // namespace heteroglass::report
