#include "run/json.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

#include "run/options.hpp"
#include "version.hpp"

namespace heteroglass::run {
namespace {

using Json = nlohmann::ordered_json;

Json rows_of(const Matrix& m) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < m.rows; ++i)
    rows.push_back(
        std::vector<double>(m.values.begin() + std::ptrdiff_t(i * m.columns), m.values.begin() + std::ptrdiff_t((i + 1) * m.columns)));
  return rows;
}

/// Counts and seeds are written as integers.
Json number(double v) { return v == std::floor(v) && std::abs(v) < 9e15 ? Json(static_cast<std::int64_t>(v)) : Json(v); }

Json rows_of(const Table& t) {
  Json rows = Json::array();
  for (std::size_t r = 0; r < t.rows(); ++r) {
    Json row = Json::object();
    for (const TableColumn& c : t.columns) row[c.name] = c.is_text ? Json(c.text[r]) : number(c.number[r]);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json rows_of(const std::vector<Frame>& frames, const std::string& file) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < frames.size(); ++i) rows.push_back({{"file", file}, {"index", i}, {"atoms", frames[i].size()}});
  return rows;
}

Json unit_of(const Table& t, UnitSystem system) {
  Json units = Json::object();
  for (const TableColumn& c : t.columns)
    if (!c.is_text) units[c.name] = unit_in(system, c.unit);
  return units;
}

template <class T> Json optional_json(const std::optional<T>& v) { return v ? Json(*v) : Json(nullptr); }

/// Value of any kind except frames.
Json value_of(const Field& f, const void* aggregate) {
  switch (f.kind) {
    case Kind::real:
      return f.get<double>(aggregate);
    case Kind::optional_real:
      return optional_json(f.get<std::optional<double>>(aggregate));
    case Kind::measured:
      return f.get<Measured>(aggregate).value;
    case Kind::integer:
      return f.get<int>(aggregate);
    case Kind::optional_integer:
      return optional_json(f.get<std::optional<int>>(aggregate));
    case Kind::flag:
      return f.get<bool>(aggregate);
    case Kind::text:
      return f.get<std::string>(aggregate);
    case Kind::reals:
      return f.get<std::vector<double>>(aggregate);
    case Kind::integers:
      return f.get<std::vector<int>>(aggregate);
    case Kind::texts:
      return f.get<std::vector<std::string>>(aggregate);
    case Kind::named_reals:
      return f.get<std::map<std::string, double>>(aggregate);
    case Kind::matrix:
      return rows_of(f.get<Matrix>(aggregate));
    case Kind::table:
      return rows_of(f.get<Table>(aggregate));
    case Kind::frames:
      break;
  }
  return nullptr;
}

Json options_json(const Outcome& out) {
  Json options = Json::object();
  const std::shared_ptr<void> defaults = out.analysis->new_options();
  for (const Field& f : *out.analysis->options) {
    Json o = {{"value", value_of(f, out.options.get())}};
    if (!f.unit.empty()) o["unit"] = unit_in(out.units, f.unit);
    o["default"] = option_text(f, out.options.get(), out.units) == option_text(f, defaults.get(), out.units);
    options[f.name] = std::move(o);
  }
  for (const auto& [name, text] : out.input_options) options[name] = {{"value", text}, {"default", false}};
  return options;
}

Json result_json(const Outcome& out, const Field& f, const std::map<std::string, std::string>& frame_files) {
  const void* result = out.result.get();
  Json r = Json::object();
  if (f.kind == Kind::frames) {
    const auto file = frame_files.find(f.name);
    r["value"] = rows_of(f.get<std::vector<Frame>>(result), file == frame_files.end() ? "" : file->second);
    r["unit"] = "";
    return r;
  }
  r["value"] = value_of(f, result);
  r["unit"] = f.kind == Kind::table ? unit_of(f.get<Table>(result), out.units) : Json(unit_in(out.units, f.unit));
  if (f.kind == Kind::measured) {
    const Measured& m = f.get<Measured>(result);
    if (m.error == m.error) r["error"] = m.error;
    if (!m.note.empty()) r["note"] = m.note;
  }
  for (const Field& e : *out.analysis->results)
    if (e.error_of == f.name) r["error"] = value_of(e, result);
  // A pair of numbers NAME_interval is the 95 % interval of NAME; why it has no error of its own is its method.
  for (const Field& e : *out.analysis->results)
    if (e.name == f.name + "_interval" && e.kind == Kind::reals && e.get<std::vector<double>>(result).size() == 2)
      r["interval"] = {{"value", value_of(e, result)}, {"method", e.no_error}};
  if (!f.no_error.empty() && out.frames == 1) r["note"] = "no uncertainty: " + f.no_error;
  if (const auto s = out.spread.find(f.name); s != out.spread.end()) {
    if (f.kind == Kind::integer) r["value"] = s->second.mean;
    const bool scalar = f.kind != Kind::reals && f.kind != Kind::matrix;
    r["spread"] = scalar ? Json(s->second.sd.empty() ? 0 : s->second.sd[0]) : Json(s->second.sd);
    r["frames"] = out.frames;
  }
  return r;
}

}  // namespace

std::string json(const Outcome& out, const std::map<std::string, std::string>& frame_files) {
  Json j = Json::object();
  j["analysis"] = out.analysis->path();
  j["version"] = version;
  j["command"] = out.command;
  j["units"] = name(out.units);
  j["inputs"] = Json::array();
  for (const InputFile& i : out.inputs) j["inputs"].push_back({{"path", i.path}, {"sha256", i.sha256}});
  j["options"] = options_json(out);
  if (!out.columns.empty()) {
    j["columns"] = Json::array();
    for (const ColumnUse& c : out.columns) j["columns"].push_back({{"role", c.role}, {"column", c.column}, {"unit", c.unit}});
  }
  if (!out.properties.empty()) {
    j["properties"] = Json::object();
    for (const auto& [name, p] : out.properties) j["properties"][name] = {{"value", p.value}, {"unit", p.unit}};
  }
  Json& results = j["results"] = Json::object();
  bool per_atom = false;
  for (const Field& f : *out.analysis->results) per_atom = per_atom || f.per_atom;
  if (per_atom && !out.atoms.empty()) results["id"] = {{"value", out.atoms.front().id}, {"unit", "1"}};
  for (const Field& f : *out.analysis->results)
    if (f.error_of.empty()) results[f.name] = result_json(out, f, frame_files);
  j["warnings"] = out.warnings;
  j["references"] = Json::array();
  for (const Reference& r : out.analysis->references) j["references"].push_back({{"text", r.text}, {"doi", r.doi}});
  return j.dump();
}

}  // namespace heteroglass::run
