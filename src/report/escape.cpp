#include "report/escape.hpp"

#include <fmt/format.h>

#include <cctype>
#include <cmath>

namespace heteroglass::report {
namespace {

bool matches(std::string_view text, std::size_t at, std::string_view lower_case) {
  if (at + lower_case.size() > text.size()) return false;
  for (std::size_t i = 0; i < lower_case.size(); ++i)
    if (std::tolower(static_cast<unsigned char>(text[at + i])) != lower_case[i]) return false;
  return true;
}

bool forbidden(char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r'; }

}  // namespace

std::string escape_html(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 16);
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else if (c == '\'')
      out += "&#39;";
    else if (forbidden(c))
      out += "\xEF\xBF\xBD";
    else
      out += c;
  }
  return out;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  out.reserve(text.size() + 8);
  for (const char c : text) {
    if (c == '"' || c == '\\')
      out += '\\', out += c;
    else if (c == '\n')
      out += "\\n";
    else if (c == '<' || c == '>' || c == '&' || static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(static_cast<unsigned char>(c)));
    else
      out += c;
  }
  return out += '"';
}

std::string escape_script(std::string_view code) {
  std::string out;
  out.reserve(code.size() + 64);
  for (std::size_t i = 0; i < code.size(); ++i) {
    out += code[i];
    if (code[i] != '<') continue;
    if (matches(code, i, "</script"))
      out += '\\';
    else if (matches(code, i, "<!--"))
      out += '\\';
    else if (matches(code, i, "<script"))
      out += fmt::format("\\x{:02x}", static_cast<unsigned>(static_cast<unsigned char>(code[++i])));
  }
  return out;
}

std::string json_number(double value, int digits) {
  if (!std::isfinite(value)) return "null";
  return fmt::format("{:.{}g}", value == 0 ? 0.0 : value, digits);
}

}  // namespace heteroglass::report
