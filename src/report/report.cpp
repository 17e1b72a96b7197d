#include "report/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/error.hpp"
#include "report/assets.hpp"
#include "report/escape.hpp"
#include "report/markdown.hpp"
#include "report/overlay.hpp"
#include "report/scene.hpp"
#include "report/section.hpp"
#include "report/svg.hpp"

namespace heteroglass::report {
namespace {

/// A section of the document with its result read, or the reason why it could not be.
struct Chapter {
  const Section* section;
  Part part;
  std::string id, failure;
};

std::vector<Chapter> chapters(const Document& document) {
  std::vector<Chapter> out;
  for (const Section& s : document.sections) {
    Chapter c{&s, {}, fmt::format("part-{}", out.size() + 1), {}};
    try {
      if (!s.json.empty()) c.part = read_part(s.json);
    } catch (const Error& e) {
      c.failure = e.what();
    }
    out.push_back(std::move(c));
  }
  return out;
}

/// The policy forbids the page every connection, whatever a script tries.
constexpr const char* head =
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; "
    "img-src data: blob:; font-src data:\">\n"
    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n";

std::string contents_html(const std::vector<Chapter>& list, bool atoms) {
  std::string out = "<nav class=\"contents\" aria-label=\"Contents\"><h2>Contents</h2><ol>\n";
  for (const Chapter& c : list) {
    const std::size_t warnings = c.part.warnings.size();
    out += fmt::format("<li><a href=\"#{}\">{}</a>{}</li>\n", c.id, escape_html(c.section->title),
                       warnings ? fmt::format(" <span class=\"badge\" title=\"warnings\">{}</span>", warnings) : "");
  }
  if (atoms) out += "<li><a href=\"#atoms\">The atoms in three dimensions</a></li>\n";
  return out + "</ol></nav>\n";
}

std::string sentence(std::string text) {
  text[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(text[0])));
  if (text.back() != '.') text += '.';
  return text;
}

std::string heading(const Chapter& c, std::size_t number) {
  const bool named = c.part.analysis.empty() || c.section->title == c.part.analysis;
  return fmt::format("<h2><span class=\"number\">{}</span> {}{}</h2>\n", number, escape_html(c.section->title),
                     named ? std::string() : fmt::format(" <span class=\"path\">{}</span>", escape_html(c.part.analysis)));
}

/// Figures of the runs inside a result of several files, over each other.
std::vector<Figure> overlaid_figures(const std::string& json) {
  if (json.empty()) return {};
  const std::vector<std::pair<std::string, Part>> runs = read_runs(json);
  std::vector<LabelledPart> parts;
  for (const auto& [label, part] : runs) parts.push_back({label, &part});
  return overlays(parts);
}

/// Figures of this section and of those it stands beside, over each other; the sections in the order of the page.
std::string beside_html(const std::vector<Chapter>& list, const Chapter& c, PageState& page) {
  std::vector<LabelledPart> parts;
  for (const Chapter& other : list) {
    const std::vector<std::string>& wanted = c.section->beside;
    if (&other == &c || std::find(wanted.begin(), wanted.end(), other.section->title) != wanted.end())
      parts.push_back({other.section->title, &other.part});
  }
  if (parts.size() < 2) return {};
  return "<p class=\"beside\">Together with " + escape_html(fmt::format("{}", fmt::join(c.section->beside, ", "))) + ":</p>\n" +
         figures_html(overlays(parts, true), page);
}

std::string chapter_html(const Document& document, const std::vector<Chapter>& list, const Chapter& c, std::size_t number,
                         PageState& page) {
  const bool alone = document.sections.size() == 1 && c.section->title == document.title;
  std::string out = fmt::format("<section id=\"{}\"{}>{}", c.id, alone ? " class=\"alone\"" : "", alone ? "" : heading(c, number));
  if (!c.part.summary.empty()) out += "<p class=\"summary\">" + escape_html(sentence(c.part.summary)) + "</p>\n";
  out += markdown(c.section->text);
  if (!c.failure.empty()) return out + warnings_html({"this result cannot be shown: " + c.failure}) + "</section>\n";
  out += beside_html(list, c, page);
  return out + section_body(c.section->title, c.part, page, overlaid_figures(c.section->json)) + "</section>\n";
}

std::vector<Scene> all_scenes(std::vector<Chapter>& list) {
  std::vector<Scene> scenes;
  for (Chapter& c : list) add_scenes(c.section->title, c.part, c.section->directory, scenes, c.part.warnings);
  drop_plain_scenes(scenes);
  return scenes;
}

constexpr const char* atoms_html =
    "<section id=\"atoms\"><h2>The atoms in three dimensions</h2>\n"
    "<p>Every per-atom result above can colour the atoms; <em>compare side by side</em> shows two results on cameras that move "
    "together.</p>\n"
    "<div class=\"viewers\"><p class=\"waiting\">The view needs JavaScript and WebGL.</p></div></section>\n";

std::string data_script(const PageState& page, const std::vector<Scene>& scenes) {
  std::vector<std::string> packed;
  for (const Scene& s : scenes) packed.push_back(scene_json(s));
  return fmt::format("<script type=\"application/json\" id=\"report-data\">{{\"figures\":[{}],\n\"scenes\":[{}]}}</script>\n",
                     fmt::join(page.figures, ",\n"), fmt::join(packed, ",\n"));
}

void append_script(std::string& out, std::string_view code) {
  out += "<script>";
  out += escape_script(code);
  out += "</script>\n";
}

}  // namespace

std::string html(const Document& document) {
  std::vector<Chapter> list = chapters(document);
  const std::vector<Scene> scenes = all_scenes(list);
  PageState page;
  for (const Scene& s : scenes)
    for (const SceneProperty& p : s.properties) page.colours.push_back(p.name);
  std::string body;
  for (std::size_t i = 0; i < list.size(); ++i) {
    body += chapter_html(document, list, list[i], i + 1, page);
  }

  std::string out = head;
  out += "<title>" + escape_html(document.title) + "</title>\n<style>\n";
  out += page_style();
  out += "</style>\n</head>\n<body>\n<header><h1>" + escape_html(document.title) + "</h1>\n" + markdown(document.text) + "</header>\n";
  out += contents_html(list, !scenes.empty()) + "<main>\n" + body;
  if (!scenes.empty()) out += atoms_html;
  out += fmt::format("<footer><p>Written by heteroglass {}. The page holds all its data and needs no network.</p></footer>\n</main>\n",
                     escape_html(document.version.empty() && !list.empty() ? list.front().part.version : document.version));
  out += data_script(page, scenes);
  if (!page.figures.empty()) append_script(out, plotly_script());
  if (!scenes.empty()) append_script(out, molecule_script());
  append_script(out, page_script());
  if (!scenes.empty()) append_script(out, atoms_script());
  return out + "</body>\n</html>\n";
}

std::string svg(const std::string& json, const std::string& result) {
  for (const Figure& f : figures(read_part(json)))
    if (f.name == result || std::find(f.results.begin(), f.results.end(), result) != f.results.end()) return draw_svg(f);
  return {};
}

std::map<std::string, std::string> overlay_svgs(const std::string& json) {
  std::map<std::string, std::string> drawings;
  for (const Figure& f : overlaid_figures(json)) drawings[f.name] = draw_svg(f);
  return drawings;
}

std::vector<std::string> figure_names(const std::string& json) {
  std::vector<std::string> names;
  for (const Figure& f : figures(read_part(json))) names.push_back(f.name);
  return names;
}

}  // namespace heteroglass::report
