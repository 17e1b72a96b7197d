#include "report/markdown.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "report/escape.hpp"

namespace heteroglass::report {
namespace {

bool safe_target(std::string_view url) {
  return url.starts_with("https://") || url.starts_with("http://") || url.starts_with("mailto:") || url.starts_with('#');
}

std::string spans(std::string_view text);

/// `mark` ... `mark` at the front of `text` becomes <tag>; returns the length taken, 0 when it is not closed.
std::size_t take(std::string_view text, std::string_view mark, const char* tag, bool verbatim, std::string& out) {
  if (!text.starts_with(mark)) return 0;
  const std::size_t end = text.find(mark, mark.size());
  if (end == std::string_view::npos || end == mark.size()) return 0;
  const std::string_view inside = text.substr(mark.size(), end - mark.size());
  if (!verbatim && (inside.front() == ' ' || inside.back() == ' ')) return 0;
  out += fmt::format("<{0}>{1}</{0}>", tag, verbatim ? escape_html(inside) : spans(inside));
  return end + mark.size();
}

std::size_t take_link(std::string_view text, std::string& out) {
  if (!text.starts_with('[')) return 0;
  const std::size_t middle = text.find("](");
  const std::size_t end = middle == std::string_view::npos ? middle : text.find(')', middle);
  if (end == std::string_view::npos) return 0;
  const std::string_view url = text.substr(middle + 2, end - middle - 2);
  if (!safe_target(url)) return 0;
  out += fmt::format("<a href=\"{}\" rel=\"noreferrer\">{}</a>", escape_html(url), spans(text.substr(1, middle - 1)));
  return end + 1;
}

std::string spans(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    std::size_t taken = take(rest, "`", "code", true, out);
    if (!taken) taken = take(rest, "**", "strong", false, out);
    if (!taken) taken = take(rest, "*", "em", false, out);
    if (!taken) taken = take_link(rest, out);
    if (!taken) out += escape_html(rest.substr(0, 1)), taken = 1;
    i += taken;
  }
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.remove_suffix(1);
    while (!line.empty() && line.front() == ' ') line.remove_prefix(1);
    out.push_back(line);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

struct Blocks {
  std::string out, paragraph, item;
  bool in_list = false;

  void end_paragraph() {
    if (!paragraph.empty()) out += "<p>" + spans(paragraph) + "</p>\n";
    paragraph.clear();
  }
  void end_item() {
    if (!item.empty()) out += "<li>" + spans(item) + "</li>\n";
    item.clear();
  }
  void end_list() {
    end_item();
    if (in_list) out += "</ul>\n";
    in_list = false;
  }
  void add(std::string_view line) {
    if (line.empty()) return end_paragraph(), end_list();
    if (line.starts_with("- ") || line.starts_with("* ")) {
      end_paragraph(), end_item();
      if (!in_list) out += "<ul>\n", in_list = true;
      item = line.substr(2);
      return;
    }
    std::string& open = in_list ? item : paragraph;
    if (!open.empty()) open += ' ';
    open += line;
  }
};

}  // namespace

std::string markdown(std::string_view text) {
  Blocks blocks;
  for (const std::string_view line : lines_of(text)) blocks.add(line);
  blocks.add("");
  return blocks.out;
}

}  // namespace heteroglass::report
