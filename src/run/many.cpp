#include "run/many.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "io/atomic_file.hpp"
#include "report/report.hpp"
#include "run/csv.hpp"
#include "run/curve_input.hpp"
#include "run/execute.hpp"
#include "run/input_options.hpp"
#include "run/json.hpp"
#include "run/text.hpp"
#include "version.hpp"

namespace heteroglass::run {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Progress of one run as part of all.
class RunContext : public Context {
 public:
  RunContext(Context& whole, std::size_t part, std::size_t parts) : whole_(whole), part_(part), parts_(parts) {}
  void progress(double fraction, std::string_view what) override {
    whole_.progress((double(part_) + fraction) / double(parts_), fmt::format("{} of {}: {}", part_ + 1, parts_, what));
  }
  bool cancelled() const override { return whole_.cancelled(); }

 private:
  Context& whole_;
  std::size_t part_, parts_;
};

std::string folder_name(const std::string& label) {
  std::string out;
  for (const char c : label)
    out += std::isalnum(static_cast<unsigned char>(c)) != 0 || std::string_view("._+-=").find(c) != std::string_view::npos ? c : '_';
  while (!out.empty() && out.front() == '.') out.erase(0, 1);
  return out.empty() ? "curve" : out;
}

std::string unique_label(const Runs& runs, const std::string& wanted) {
  std::string label = wanted;
  for (int n = 2; std::find(runs.labels.begin(), runs.labels.end(), label) != runs.labels.end(); ++n)
    label = fmt::format("{}_{}", wanted, n);
  return label;
}

std::string label_of(const Request& r) {
  const std::string stem = fs::path(r.inputs.front()).stem().string();
  return folder_name(r.only_curve ? fmt::format("{}_{}", stem, *r.only_curve + 1) : stem);
}

/// A number of one run, wherever it stands in the result.
struct Cell {
  std::string name, unit;
  bool is_text = false;
  std::string text;
  double number = std::nan("");
};

void append_cells(const Outcome& out, const Field& f, std::vector<Cell>& cells) {
  const void* result = out.result.get();
  const std::string unit = f.unit.empty() ? "1" : unit_in(out.units, f.unit);
  const auto add = [&](double v) { cells.push_back({f.name, unit, false, {}, v}); };
  switch (f.kind) {
    case Kind::real:
      return add(f.get<double>(result));
    case Kind::optional_real:
      return add(f.get<std::optional<double>>(result).value_or(std::nan("")));
    case Kind::integer:
      return add(f.get<int>(result));
    case Kind::optional_integer: {
      const auto& v = f.get<std::optional<int>>(result);
      return add(v ? *v : std::nan(""));
    }
    case Kind::measured: {
      const auto& m = f.get<Measured>(result);
      add(m.value);
      cells.push_back({f.name + "_error", unit, false, {}, m.error});
      return;
    }
    case Kind::flag:
      return cells.push_back({f.name, "1", true, f.get<bool>(result) ? "yes" : "no", 0});
    case Kind::text:
      return cells.push_back({f.name, "1", true, f.get<std::string>(result), 0});
    default:
      return;
  }
}

std::vector<Cell> cells_of(const Runs& runs, std::size_t i) {
  const Outcome& out = runs.outcomes[i];
  std::vector<Cell> cells = {{"file", "1", true, out.inputs.empty() ? "" : out.inputs.front().path, 0},
                             {"run", "1", true, runs.labels[i], 0}};
  for (const auto& [key, p] : out.properties) {
    const std::string& name = key;
    const bool taken =
        std::any_of(runs.analysis->results->begin(), runs.analysis->results->end(), [&](const Field& f) { return f.name == name; });
    if (!taken && name != "exotherm") cells.push_back({name, p.unit, false, {}, p.value});
  }
  for (const Field& f : *runs.analysis->results) append_cells(out, f, cells);
  return cells;
}

Json table_json(const Table& t) {
  Json rows = Json::array(), units = Json::object();
  for (std::size_t r = 0; r < t.rows(); ++r) {
    Json row = Json::object();
    for (const TableColumn& c : t.columns) row[c.name] = c.is_text ? Json(c.text[r]) : Json(c.number[r]);
    rows.push_back(std::move(row));
  }
  for (const TableColumn& c : t.columns)
    if (!c.is_text) units[c.name] = c.unit;
  return {{"value", rows}, {"unit", units}, {"help", "a row for each run"}};
}

report::Document document(const Json& j, const std::string& text, const fs::path& directory) {
  report::Document page;
  page.title = j.value("analysis", "") + fmt::format(" of {} curves", j["runs"].size());
  page.sections.push_back({"All runs", "", text, directory});
  for (std::size_t i = 0; i < j["runs"].size(); ++i) {
    const std::string label = j["runs"][i].value("run", fmt::format("{}", i + 1));
    page.sections.push_back({label, "", j["runs"][i].dump(), directory / label});
  }
  return page;
}

}  // namespace

std::vector<Request> requests(const Request& r) {
  if (r.analysis->input != InputKind::curves || r.inputs.empty()) return {r};
  std::vector<std::string> files;
  for (const std::string& spec : r.inputs)
    for (std::string& file : curve_files(spec)) files.push_back(std::move(file));
  std::vector<Request> list;
  if (r.analysis->joins_files || (files.size() == 1 && !r.analysis->one_curve)) return {r};
  for (std::size_t i = 0; i < files.size(); ++i) {
    Request one = r;
    one.inputs = {files[i]};
    one.file = {i, files.size()};
    std::size_t curves = 1;
    if (r.analysis->one_curve) {
      Context counting;
      try {
        curves = curve_input(*r.analysis, one.inputs, curve_options(*r.analysis, r.options), one.file, counting).curves.size();
      } catch (const Error&) {  // its own run says why
      }
    }
    for (std::size_t k = 0; k < curves; ++k) {
      if (curves > 1) one.only_curve = k;
      list.push_back(one);
    }
  }
  return list;
}

Runs execute_all(const Request& r, Context& context) {
  Runs runs;
  runs.analysis = r.analysis, runs.command = command_line(r);
  const std::vector<Request> list = requests(r);
  std::exception_ptr first;
  for (std::size_t i = 0; i < list.size(); ++i) {
    context.check_cancelled();
    RunContext part(context, i, list.size());
    try {
      Outcome out = execute(list[i], list.size() == 1 ? context : part);
      runs.labels.push_back(list.size() == 1 ? "" : unique_label(runs, label_of(list[i])));
      runs.outcomes.push_back(std::move(out));
    } catch (const Interrupted&) {
      throw;
    } catch (const Error& e) {
      if (!first) first = std::current_exception();
      runs.problems.push_back({fmt::format("{}", fmt::join(list[i].inputs, " ")), e.what(), e.exit_code()});
    }
  }
  if (runs.outcomes.empty() && first) std::rethrow_exception(first);
  return runs;
}

std::vector<std::string> problem_lines(const Runs& runs) {
  std::vector<std::string> lines;
  for (const Problem& p : runs.problems)
    lines.push_back(p.what.starts_with(p.input) ? "no result for " + p.what : fmt::format("no result for {}: {}", p.input, p.what));
  return lines;
}

Table summary(const Runs& runs) {
  Table t;
  std::vector<std::vector<Cell>> rows;
  for (std::size_t i = 0; i < runs.outcomes.size(); ++i) rows.push_back(cells_of(runs, i));
  for (const auto& row : rows)
    for (const Cell& c : row)
      if (!t.find(c.name)) t.columns.push_back({c.name, c.unit, {}, c.is_text, {}, {}});
  for (TableColumn& column : t.columns)
    for (const auto& row : rows) {
      const auto at = std::find_if(row.begin(), row.end(), [&](const Cell& c) { return c.name == column.name; });
      if (column.is_text) column.text.push_back(at == row.end() ? "" : at->text);
      if (!column.is_text) {
        double v = at == row.end() ? std::nan("") : at->number;
        if (at != row.end() && at->unit != column.unit) v = convert(v, at->unit, column.unit);
        column.number.push_back(v);
      }
    }
  std::erase_if(t.columns, [](const TableColumn& c) {  // errors that no run has
    return !c.is_text && c.name.ends_with("_error") &&
           std::all_of(c.number.begin(), c.number.end(), [](double v) { return std::isnan(v); });
  });
  return t;
}

std::string json(const Runs& runs) {
  Json j = Json::object();
  j["analysis"] = runs.analysis->path(), j["version"] = version, j["command"] = runs.command, j["units"] = "metal";
  j["inputs"] = Json::array();
  Json objects = Json::array();
  for (std::size_t i = 0; i < runs.outcomes.size(); ++i) {
    Json one = Json::object();
    one["run"] = runs.labels[i];
    one.update(Json::parse(json(runs.outcomes[i])));
    for (const Json& input : one["inputs"])
      if (std::find(j["inputs"].begin(), j["inputs"].end(), input) == j["inputs"].end()) j["inputs"].push_back(input);
    objects.push_back(std::move(one));
  }
  j["options"] = objects.empty() ? Json::object() : objects.front()["options"];
  j["results"] = {{"summary", table_json(summary(runs))}};
  j["problems"] = Json::array();
  for (const Problem& p : runs.problems) j["problems"].push_back({{"input", p.input}, {"what", p.what}, {"exit_code", p.exit_code}});
  j["warnings"] = problem_lines(runs);
  j["references"] = objects.empty() ? Json::array() : objects.front()["references"];
  j["runs"] = std::move(objects);
  return j.dump();
}

std::string text(const Runs& runs) {
  std::string lines = fmt::format("{}: {}\n  {} runs\n{}", runs.analysis->path(), runs.analysis->summary, runs.outcomes.size(),
                                  table_text(summary(runs), UnitSystem::metal));
  std::vector<std::pair<std::string, std::vector<std::string>>> said;  // the same warning of many runs is told once
  for (std::size_t i = 0; i < runs.outcomes.size(); ++i)
    for (std::string w : runs.outcomes[i].warnings) {
      for (const InputFile& input : runs.outcomes[i].inputs)
        if (w.starts_with(input.path + ": ")) w.erase(0, input.path.size() + 2);
      if (w.starts_with(runs.labels[i] + ": ")) w.erase(0, runs.labels[i].size() + 2);  // it is said before the colon
      const auto known = std::find_if(said.begin(), said.end(), [&](const auto& entry) { return entry.first == w; });
      if (known == said.end())
        said.push_back({w, {runs.labels[i]}});
      else
        known->second.push_back(runs.labels[i]);
    }
  for (std::size_t k = 0; k < std::min<std::size_t>(said.size(), 20); ++k)
    lines += fmt::format("warning: {}{}: {}\n", said[k].second.front(),
                         said[k].second.size() > 1 ? fmt::format(" and {} more", said[k].second.size() - 1) : "", said[k].first);
  if (said.size() > 20) lines += fmt::format("... {} more warnings (--json or -o DIR)\n", said.size() - 20);
  return lines;
}

void write_directory(const fs::path& directory, const Runs& runs, Page page) {
  for (std::size_t i = 0; i < runs.outcomes.size(); ++i) {
    fs::create_directories(directory / runs.labels[i]);
    write_directory(directory / runs.labels[i], runs.outcomes[i], Page::none);
  }
  io::write_file(directory / "summary.csv", csv_text(summary(runs).columns));
  const std::string object = json(runs);
  for (const auto& [name, drawing] : report::overlay_svgs(object)) io::write_file(directory / (name + ".svg"), drawing);
  if (page == Page::own) io::write_file(directory / "report.html", report::html(document(Json::parse(object), object, directory)));
  io::write_file(directory / "result.json", object);
}

bool write_report_of_many(const fs::path& directory) {
  const std::string object = io::read_file(directory / "result.json");
  const Json j = Json::parse(object, nullptr, false);
  if (j.is_discarded() || !j.is_object() || !j.contains("runs")) return false;
  io::write_file(directory / "report.html", report::html(document(j, object, directory)));
  return true;
}

}  // namespace heteroglass::run
