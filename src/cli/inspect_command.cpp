#include "cli/inspect_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "analyses.hpp"
#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"
#include "io/curve_file.hpp"
#include "io/image_file.hpp"
#include "io/inspect.hpp"
#include "run/curve_roles.hpp"
#include "run/options.hpp"

namespace heteroglass::cli {
namespace {

struct InspectArguments {
  std::vector<std::string> files;
  io::ReadOptions options;
  bool json = false;
};

std::vector<std::string> comma_separated(const std::string& text) {
  std::vector<std::string> parts(1);
  for (char c : text) {
    if (c == ',') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

InspectArguments parse(const std::vector<std::string>& arguments) {
  InspectArguments parsed;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string flag = arguments[i], value;
    if (!flag.starts_with("--")) {
      parsed.files.push_back(flag);
      continue;
    }
    if (flag == "--json") {
      parsed.json = true;
      continue;
    }
    const std::size_t equals = flag.find('=');
    const bool inside = equals != std::string_view::npos;
    if (inside) value = flag.substr(equals + 1), flag.resize(equals);
    const std::vector<std::string> known = {"--units", "--elements", "--timestep", "--json"};
    if (std::find(known.begin(), known.end(), flag) == known.end())
      throw InputError(
          fmt::format("inspect: {} must be an option of inspect{}; options: {}", flag, did_you_mean(flag, known), fmt::join(known, ", ")));
    if (!inside) {
      if (i + 1 == arguments.size()) throw InputError(fmt::format("inspect: {} must be followed by a value, got none", flag));
      value = arguments[++i];
    }
    if (flag == "--units") parsed.options.units = unit_system(value);
    if (flag == "--elements") parsed.options.elements = comma_separated(value);
    if (flag == "--timestep") parsed.options.timestep = parse_quantity(value, "ps", flag);
  }
  if (parsed.files.empty()) throw InputError("inspect: at least one file must be given, got none");
  return parsed;
}

void print(const io::Inspection& report) {
  std::printf("%s\n", report.path.c_str());
  for (const io::InspectRow& row : report.rows) std::printf("  %-11s %s\n", row.key.c_str(), row.value.c_str());
  for (const std::string& warning : report.warnings) std::printf("  %-11s %s\n", "warning", warning.c_str());
}

nlohmann::ordered_json as_json(const io::Inspection& report) {
  nlohmann::ordered_json rows = nlohmann::ordered_json::array();
  for (const io::InspectRow& row : report.rows) rows.push_back({{"key", row.key}, {"value", row.value}});
  return {{"path", report.path}, {"format", io::name(report.format)}, {"rows", rows}, {"warnings", report.warnings}};
}

struct Suggestion {
  std::string line;
  std::size_t roles = 0;  ///< that the file has
  bool first = false;     ///< the analysis that a scan of heat flow is made for
};

/// The command that would run `a` on this file, with the flags that are still missing; no roles when it cannot be. `part` is what
/// plays a role: a column, or the channel of an image.
Suggestion next_command(const Analysis& a, const ColumnRoles& roles, const Curve& curve, const std::string& path,
                        const char* part = "column") {
  std::vector<run::RoleUse> uses;
  run::CurveOptions choices;
  for (int tries = 0; uses.empty(); ++tries) {
    try {
      uses = run::find_roles(curve, roles, choices);
    } catch (const run::AmbiguousRole& e) {
      if (tries > 4) return {};
      // the sample's own temperature rather than that of the furnace
      std::size_t chosen = e.columns.front();
      for (const std::size_t i : e.columns)
        if (run::folded(curve.columns[i].name).find("sample") != std::string::npos) chosen = i;
      choices.columns += fmt::format("{}{}=#{}", choices.columns.empty() ? "" : ",", e.role, chosen + 1);
    } catch (const Error&) {
      return {};
    }
    if (uses.empty() && choices.columns.empty()) return {};
  }
  std::vector<std::string> units;
  bool heat_flow = false, mass = false;
  for (const run::RoleUse& use : uses) {
    const std::string& unit = curve.columns[use.column].unit;
    const std::string wanted = use.role->unit.empty() ? "1" : use.role->unit;
    const bool power = run::same_dimension(unit, "W") && run::same_dimension(wanted, "W/g");
    const bool angular = run::is_frequency(unit) && run::is_frequency(wanted);
    if (unit.empty() && wanted != "1") units.push_back(use.role->name + "=UNIT");
    if (!unit.empty() && !run::same_dimension(unit, wanted) && !power && !angular) return {};
    heat_flow = heat_flow || run::folded(use.role->name).starts_with("heatflow");
    mass = mass || power;
  }
  std::string line = fmt::format("heteroglass {} {} '{}'", run::hyphenated(a.family), run::hyphenated(a.name), path);
  if (!choices.columns.empty()) line += fmt::format(" --{}s '{}'", part, choices.columns);
  if (!units.empty()) line += fmt::format(" --{}-units {}", part, fmt::join(units, ","));
  if (heat_flow && !curve.properties.contains("exotherm")) line += " --exotherm UP_OR_DOWN";
  if (mass && !curve.properties.contains("mass")) line += " --mass MASS";
  return {line, uses.size(), heat_flow && a.path() == "calorimetry/dsc"};
}

/// The analyses that find most of their columns in a table of the file.
void suggest(io::Inspection& report) {
  constexpr std::size_t most = 4;
  if (!io::holds_curves(report.format) || !report.value("matrix").empty()) return;
  const std::vector<Curve> curves = io::read_curves(report.path);
  std::vector<Suggestion> found;
  for (const Analysis* a : all_analyses()) {
    if (!a->columns) continue;
    Suggestion best;
    for (std::size_t i = 0; i < std::min<std::size_t>(curves.size(), 8); ++i) {
      Suggestion s = next_command(*a, *a->columns, curves[i], report.path);
      if (s.roles > best.roles) best = std::move(s);
    }
    const bool told = std::any_of(found.begin(), found.end(), [&](const Suggestion& s) { return s.line == best.line; });
    if (best.roles >= 2 && !told) found.push_back(std::move(best));
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Suggestion& a, const Suggestion& b) { return a.first != b.first ? a.first : a.roles > b.roles; });
  for (std::size_t i = 0; i < std::min(found.size(), most); ++i) report.rows.push_back({"next", found[i].line});
  if (found.empty())
    report.rows.push_back({"next", "name the columns with --columns ROLE=NAME; `heteroglass describe FAMILY ANALYSIS` lists the roles"});
}

/// The analyses whose channels an image has.
void suggest_for_image(io::Inspection& report) {
  const Image image = io::read_image(report.path);
  Curve headings;
  headings.source = report.path;
  for (const ImageChannel& c : image.channels) headings.columns.push_back({c.name, c.unit, {}});
  bool any = false;
  for (const Analysis* a : all_analyses()) {
    if (!a->channels) continue;
    Suggestion s = next_command(*a, *a->channels, headings, report.path, "channel");
    const bool required = std::any_of(a->channels->begin(), a->channels->end(), [](const ColumnRole& r) { return r.required; });
    if (s.roles < (required ? 1u : 2u)) continue;
    if (!(image.pixel_width > 0)) s.line += " --pixel-size SIZE";
    report.rows.push_back({"next", s.line}), any = true;
  }
  if (!any)
    report.rows.push_back({"next", "name the channels with --channels ROLE=NAME; `heteroglass describe FAMILY ANALYSIS` lists the roles"});
}

}  // namespace

int inspect_command(const std::vector<std::string>& arguments) {
  const InspectArguments parsed = parse(arguments);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  int status = 0;
  for (const std::string& file : parsed.files) {
    io::Inspection report = io::inspect(file, parsed.options);
    suggest(report);
    if (io::holds_images(report.format) && report.format != io::Format::tiff) suggest_for_image(report);
    if (report.format == io::Format::unknown) status = 3;
    if (parsed.json) {
      all.push_back(as_json(report));
    } else {
      print(report);
    }
  }
  if (parsed.json) std::printf("%s\n", all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  return status;
}

}  // namespace heteroglass::cli
