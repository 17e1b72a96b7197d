// Lines of text to rows of cells.
#include <algorithm>
#include <array>

#include "io/cell.hpp"
#include "io/table.hpp"
#include "io/text_source.hpp"

namespace heteroglass::io {
namespace {

constexpr char blanks = ' ', wide_blanks = '\v';

std::vector<std::string> split_blanks(std::string_view line) {
  std::vector<std::string> out;
  for (const std::string_view w : words(line)) out.emplace_back(w);
  return out;
}

/// Columns of two blanks or more apart, so that names may hold single ones.
std::vector<std::string> split_wide(std::string_view line) {
  std::vector<std::string> out;
  line = trimmed(line);
  while (!line.empty()) {
    const std::size_t at = line.find("  ");
    out.emplace_back(trimmed(line.substr(0, at)));
    line = at == std::string_view::npos ? std::string_view() : trimmed(line.substr(at));
  }
  return out;
}

std::vector<std::string> split_at(std::string_view line, char separator) {
  std::vector<std::string> out;
  std::string cell;
  bool quoted = false, fresh = true;  // a quote opens a cell; inside, G" is a name
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted && c == '"' && i + 1 < line.size() && line[i + 1] == '"') {
      cell += line[i++];
    } else if (c == '"' && (quoted || (fresh && line.find('"', i + 1) != std::string_view::npos))) {
      quoted = !quoted;
    } else if (c == separator && !quoted) {
      out.emplace_back(trimmed(cell));
      cell.clear();
      fresh = true;
      continue;
    } else {
      cell += c;
    }
    fresh = fresh && (c == ' ');
  }
  out.emplace_back(trimmed(cell));
  return out;
}

std::vector<std::string> split(std::string_view line, char separator) {
  return separator == blanks ? split_blanks(line) : separator == wide_blanks ? split_wide(line) : split_at(line, separator);
}

bool all_numbers(const std::vector<std::string>& cells) {
  return cells.size() > 1 && std::any_of(cells.begin(), cells.end(), [](const std::string& c) { return looks_numeric(c); }) &&
         std::all_of(cells.begin(), cells.end(), [](const std::string& c) { return is_gap(c) || looks_numeric(c) || cell_number(c, '.'); });
}

/// The separator that splits most of the first lines into numbers; else the one that the first line holds most often.
char separator_of(std::string_view text) {
  constexpr std::array<char, 5> candidates = {'\t', ';', ',', wide_blanks, blanks};
  std::array<std::size_t, candidates.size()> rows{}, cells{};
  Lines lines(text);
  std::string_view line, first;
  for (std::size_t n = 0; n < 400 && lines.next(line);) {
    if (trimmed(line).empty() || line.front() == '#') continue;
    if (first.empty()) first = line;
    ++n;
    for (std::size_t k = 0; k < candidates.size(); ++k) {
      const std::vector<std::string> parts = split(line, candidates[k]);
      if (all_numbers(parts)) ++rows[k], cells[k] = std::max(cells[k], parts.size());
    }
  }
  std::size_t best = 0;
  for (std::size_t k = 1; k < candidates.size(); ++k)
    if (rows[k] > rows[best]) best = k;
  if (rows[best] > 0) return candidates[best];
  std::ptrdiff_t most = 0;
  char found = blanks;
  for (const char c : {'\t', ';', ','})
    if (const auto n = std::count(first.begin(), first.end(), c); n > most) most = n, found = c;
  return most > 0 ? found : first.find("  ") != std::string_view::npos ? wide_blanks : ';';
}

}  // namespace

std::vector<SheetRow> rows_of_text(std::string_view text, char separator, std::size_t first_line) {
  std::vector<SheetRow> rows;
  Lines lines(text, first_line);
  std::string_view line;
  while (lines.next(line)) {
    if (trimmed(line).empty()) continue;
    const bool comment = line.front() == '#';
    rows.push_back({lines.number(), split(comment ? line.substr(1) : line, separator), comment});
    if (rows.back().cells.empty()) rows.back().cells.emplace_back();  // every row has a first cell
  }
  return rows;
}

std::vector<SheetRow> rows_of_text(std::string_view text, std::size_t first_line) {
  return rows_of_text(text, separator_of(text), first_line);
}

}  // namespace heteroglass::io
