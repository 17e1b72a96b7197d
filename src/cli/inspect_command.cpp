#include "cli/inspect_command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/suggest.hpp"
#include "core/units.hpp"
#include "io/inspect.hpp"

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

}  // namespace

int inspect_command(const std::vector<std::string>& arguments) {
  const InspectArguments parsed = parse(arguments);
  nlohmann::ordered_json all = nlohmann::ordered_json::array();
  for (const std::string& file : parsed.files) {
    const io::Inspection report = io::inspect(file, parsed.options);
    if (parsed.json) {
      all.push_back(as_json(report));
    } else {
      print(report);
    }
  }
  if (parsed.json) std::printf("%s\n", all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  return 0;
}

}  // namespace heteroglass::cli
