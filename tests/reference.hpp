/// The table of independent high-precision values, when it stands beside the source tree (shared/reference/formulas.json).
#pragma once

#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace heteroglass::test {

/// The objects of the list whose key begins with `name`, number by number; empty when there is no table. Lists of flat objects only.
inline std::vector<std::map<std::string, double>> reference_rows(const std::string& name) {
  std::ifstream in(HETEROGLASS_SOURCE_DIR "/../shared/reference/formulas.json");
  std::ostringstream text;
  text << in.rdbuf();
  const std::string all = text.str();
  const std::size_t key = all.find("\"" + name), open = key == std::string::npos ? key : all.find_first_of("[{", key);
  if (open == std::string::npos) return {};
  const std::string part = all.substr(open, all.find(all[open] == '[' ? ']' : '}', open) - open + 1);
  std::vector<std::map<std::string, double>> rows;
  static const std::regex object("[{]([^{}]*)[}]"), entry("\"([^\"]+)\": *([-+0-9.eE]+)");
  for (std::sregex_iterator o(part.begin(), part.end(), object), end; o != end; ++o) {
    const std::string inside = (*o)[1];
    rows.emplace_back();
    for (std::sregex_iterator e(inside.begin(), inside.end(), entry); e != end; ++e) rows.back()[(*e)[1]] = std::stod((*e)[2]);
  }
  return rows;
}

}  // namespace heteroglass::test
