/// The HTML of one analysis result inside the page.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "report/figure.hpp"
#include "report/part.hpp"

namespace heteroglass::report {

/// Where the page keeps what the sections refer to.
struct PageState {
  std::vector<std::string> figures;  ///< JSON of each interactive figure, in the order of its number in the page
  std::size_t tables = 0;            ///< numbers the collapsible tables
  std::vector<std::string> colours;  ///< names of the per-atom results that the 3-D view knows; empty: there is none
};

/// Everything below the heading and the prose: warnings, numbers, figures, tables, and how it was made.
/// `title` is the source that the 3-D view knows its atoms by; `more` are figures to show beside those of the part.
std::string section_body(const std::string& title, const Part& part, PageState& page, const std::vector<Figure>& more = {});

/// Figures alone, each with its static drawing inside, which the page's script replaces.
std::string figures_html(const std::vector<Figure>& figures, PageState& page);

std::string warnings_html(const std::vector<std::string>& warnings);

}  // namespace heteroglass::report
