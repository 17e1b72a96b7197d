#include "report/section.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "report/escape.hpp"
#include "report/number.hpp"
#include "report/svg.hpp"
#include "report/table.hpp"

namespace heteroglass::report {
namespace {

std::string details(std::string_view title, std::string_view body, bool open = false) {
  return body.empty() ? std::string() : fmt::format("<details{}><summary>{}</summary>\n{}</details>\n", open ? " open" : "", title, body);
}

std::string command_html(const Part& part) {
  if (part.command.empty()) return {};
  return fmt::format("<div class=\"command\"><code>{}</code><button type=\"button\" class=\"copy\" hidden>copy</button></div>\n",
                     escape_html(part.command));
}

std::string options_html(const Part& part) {
  std::string rows;
  for (const PartOption& o : part.options) {
    const std::string unit = o.value.empty() ? std::string() : pretty_unit(o.unit);
    rows += fmt::format("<tr{}><th scope=\"row\">{}</th><td>{}{}</td><td>{}</td></tr>\n", o.is_default ? "" : " class=\"chosen\"",
                        escape_html(o.name), o.value.empty() ? "–" : escape_html(o.value), unit.empty() ? "" : "\u00a0" + escape_html(unit),
                        o.is_default ? "default" : "set");
  }
  return rows.empty() ? rows : "<table class=\"options\"><tbody>\n" + rows + "</tbody></table>\n";
}

std::string inputs_html(const Part& part) {
  std::string rows;
  for (const auto& [path, hash] : part.inputs)
    rows += fmt::format("<li><code>{}</code> <span class=\"hash\">sha256 {}</span></li>\n", escape_html(path), escape_html(hash));
  return rows.empty() ? rows : "<ul class=\"inputs\">\n" + rows + "</ul>\n";
}

std::string reference_html(const Reference& r) {
  if (r.doi.empty()) return "<li>" + escape_html(r.text) + "</li>\n";
  return fmt::format("<li>{0}, <a href=\"https://doi.org/{1}\" rel=\"noreferrer\">doi:{1}</a></li>\n", escape_html(r.text),
                     escape_html(r.doi));
}

std::string references_html(const Part& part) {
  std::string rows;
  for (const Reference& r : part.references) rows += reference_html(r);
  return rows.empty() ? rows : "<ul class=\"references\">\n" + rows + "</ul>\n";
}

bool known_colour(const std::string& column, const PageState& page) {
  return !column.empty() && std::any_of(page.colours.begin(), page.colours.end(), [&](const std::string& name) {
    return name == column || name.starts_with(column + " ") || name.starts_with(column + ",");
  });
}

std::string atoms_links(const std::string& title, const Part& part, const PageState& page) {
  std::string links;
  for (const PartResult& r : part.results)
    if (r.field.per_atom && known_colour(r.field.column, page))
      links += fmt::format("<button type=\"button\" class=\"show-atoms\" data-source=\"{}\" data-column=\"{}\">{}</button> ",
                           escape_html(title), escape_html(r.field.column), escape_html(r.field.column));
  return links.empty() ? links : "<p class=\"atom-links\">Show in the <a href=\"#atoms\">3-D view</a>: " + links + "</p>\n";
}

std::string frames_html(const Part& part) {
  std::string rows;
  for (const PartResult& r : part.results)
    for (const FrameFile& f : r.frames)
      rows += fmt::format("<li>{}: <code>{}@{}</code>, {} atoms</li>\n", escape_html(r.label()), escape_html(f.file), f.index,
                          human(static_cast<double>(f.atoms)));
  return rows.empty() ? rows : "<ul>\n" + rows + "</ul>\n";
}

bool drawn_as_curves(const std::vector<Figure>& figures, const std::string& name) {
  return std::any_of(figures.begin(), figures.end(),
                     [&](const Figure& f) { return std::find(f.results.begin(), f.results.end(), name) != f.results.end(); });
}

}  // namespace

std::string warnings_html(const std::vector<std::string>& warnings) {
  std::string rows;
  for (const std::string& w : warnings) rows += fmt::format("<li>{}</li>\n", escape_html(plus_minus(w)));
  return rows.empty() ? rows
                      : "<aside class=\"warning\"><strong>" + std::string(warnings.size() > 1 ? "Warnings" : "Warning") +
                            "</strong><ul>\n" + rows + "</ul></aside>\n";
}

std::string figures_html(const std::vector<Figure>& list, PageState& page) {
  std::string out;
  for (const Figure& f : list) {
    out += fmt::format("<figure class=\"plot{}\"><div class=\"canvas\" data-figure=\"{}\">{}</div><figcaption>{}</figcaption></figure>\n",
                       f.x.categories.size() > 8 ? " wide" : "", page.figures.size(), draw_svg(f), escape_html(f.caption));
    page.figures.push_back(figure_json(f));
  }
  return out.empty() ? out : "<div class=\"figures\">\n" + out + "</div>\n";
}

std::string section_body(const std::string& title, const Part& part, PageState& page, const std::vector<Figure>& more) {
  std::string out = warnings_html(part.warnings) + key_numbers(part);
  const std::vector<Figure> drawn = figures(part);
  out += figures_html(drawn, page) + figures_html(more, page) + atoms_links(title, part, page);
  for (const PartResult& r : part.results) {
    if (r.shape == Shape::table) out += table_html(r, page);
    if (r.shape == Shape::matrix && !r.field.per_atom && !drawn_as_curves(drawn, r.field.name)) out += matrix_html(part, r);
  }
  out += short_arrays(part, drawn, page);
  out += command_html(part);
  out += details("Options used", options_html(part)) + details("Input files", inputs_html(part)) +
         details("Configurations written", frames_html(part));
  return out + details("References", references_html(part), true);
}

}  // namespace heteroglass::report
