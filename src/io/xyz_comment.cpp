#include "io/xyz_comment.hpp"

#include <algorithm>
#include <cctype>

#include "io/number.hpp"

namespace heteroglass::io {
namespace {

std::string lower(std::string_view text) {
  std::string s(text);
  std::transform(s.begin(), s.end(), s.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return s;
}

/// A word, or what stands between quotes or braces.
std::string take_value(std::string_view line, std::size_t& i) {
  std::string value;
  if (i >= line.size()) return value;
  const char open = line[i];
  const char close = open == '"' ? '"' : open == '\'' ? '\'' : open == '{' ? '}' : open == '[' ? ']' : '\0';
  if (close != '\0') {
    for (++i; i < line.size() && line[i] != close; ++i) {
      if (line[i] == '\\' && i + 1 < line.size()) ++i;
      value += line[i];
    }
    ++i;
    return value;
  }
  while (i < line.size() && !is_blank(line[i]) && line[i] != '=') value += line[i++];
  return value;
}

}  // namespace

std::map<std::string, std::string> parse_xyz_comment(std::string_view line) {
  std::map<std::string, std::string> pairs;
  std::size_t i = 0;
  while (i < line.size()) {
    while (i < line.size() && (is_blank(line[i]) || line[i] == '=')) ++i;
    if (i >= line.size()) break;
    const std::string key = lower(take_value(line, i));
    while (i < line.size() && is_blank(line[i])) ++i;
    if (i < line.size() && line[i] == '=') {
      for (++i; i < line.size() && is_blank(line[i]);) ++i;
      pairs[key] = take_value(line, i);
    } else if (!key.empty()) {
      pairs.emplace(key, "T");
    }
  }
  return pairs;
}

std::vector<XyzColumn> parse_xyz_columns(const std::string& properties) {
  std::vector<std::string> parts(1);
  for (char c : properties) {
    if (c == ':') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  if (parts.size() % 3 != 0) return {};
  std::vector<XyzColumn> columns;
  for (std::size_t i = 0; i < parts.size(); i += 3) {
    XyzColumn c;
    c.name = parts[i];
    if (c.name.empty() || parts[i + 1].size() != 1 || std::string_view("SRIL").find(parts[i + 1]) == std::string_view::npos) return {};
    c.kind = parts[i + 1][0];
    if (!is_integer(std::string_view(parts[i + 2]), c.components) || c.components < 1 || c.components > 1000) return {};
    columns.push_back(std::move(c));
  }
  return columns;
}

}  // namespace heteroglass::io
