/// The scripts and styles of the page, embedded in the library at build time.
#pragma once

#include <string_view>

namespace heteroglass::report {

std::string_view plotly_script();
std::string_view molecule_script();  ///< 3Dmol.js
std::string_view page_script();
std::string_view atoms_script();  ///< the 3-D view; needs the two before it
std::string_view page_style();

}  // namespace heteroglass::report
