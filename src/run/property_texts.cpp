#include "run/property_texts.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>

#include "core/error.hpp"
#include "core/units.hpp"
#include "run/curve_options.hpp"

namespace heteroglass::run {
namespace {

const std::map<std::string, std::string>& known_properties() {
  static const std::map<std::string, std::string> table = {{"temperature", "K"}, {"mass", "mg"}, {"rate", "K/min"}, {"frequency", "Hz"}};
  return table;
}

CurveProperty property_value(const std::string& name, const std::string& text, const std::string& shared_unit) {
  double value = 0;
  const std::size_t sign = text.starts_with('+') ? 1 : 0;
  const auto [end, status] = std::from_chars(text.data() + sign, text.data() + text.size(), value);
  if (status != std::errc()) throw InputError(fmt::format("--property {}: must be a number with its unit, got '{}'", name, text));
  std::string unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.find_first_not_of(' ') == std::string::npos) unit = shared_unit;
  const auto known = known_properties().find(name);
  if (known == known_properties().end()) return {value, unit.empty() ? "1" : unit};
  if (unit.empty()) throw InputError(fmt::format("--property {}: must have a unit, e.g. {}{}, got '{}'", name, text, known->second, text));
  static_cast<void>(parse_quantity(fmt::format("{} {}", value, unit), known->second, "--property " + name));
  return {value, unit};
}

/// The unit behind the last number, which holds for a list 380:390:400K.
std::string last_unit(const std::string& text) {
  const std::size_t at = text.find_last_of("0123456789.");
  return at == std::string::npos ? "" : text.substr(at + 1);
}

std::vector<std::string> at_colons(const std::string& text) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

std::vector<std::pair<std::string, std::vector<CurveProperty>>> property_lists(const std::string& text) {
  std::vector<std::pair<std::string, std::vector<CurveProperty>>> lists;
  for (const auto& [name, value] : named_texts(text, "--property")) {
    lists.push_back({name, {}});
    for (const std::string& part : at_colons(value)) lists.back().second.push_back(property_value(name, part, last_unit(value)));
  }
  return lists;
}

}  // namespace heteroglass::run
