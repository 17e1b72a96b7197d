/// One page from any finished result.
///
/// Everything is made from the text of `result.json` (and, for the 3-D view, the extended XYZ beside it), so that
/// `heteroglass report DIR` rebuilds a page from any finished directory. The page needs no network: scripts, data and
/// styles stand inside it. Captions, abscissae and row labels come from the registry's result fields.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace heteroglass::report {

/// One analysis result.
struct Section {
  std::string title;                     ///< step name or analysis path
  std::string text;                      ///< prose of the study file (light markdown: paragraphs, lists, **bold**, *italic*, `code`, links)
  std::string json;                      ///< the object of result.json; empty: a section of prose only
  std::filesystem::path directory;       ///< where its files lie (atoms.extxyz, configuration.extxyz); may be empty
  std::vector<std::string> beside = {};  ///< titles of sections whose figures are drawn over those of this one
};

struct Document {
  std::string title, text;
  std::vector<Section> sections;
  std::string version;  ///< of the program that writes the page
};

/// The page. A section whose JSON cannot be read becomes a warning inside the page. Cost: 2 MB of scripts and linear in the data.
std::string html(const Document& document);

/// One figure as SVG text; empty when that result is no figure. `result` is a name of figure_names() or of any result drawn in one.
/// @throws FormatError when `json` is not a result object.
std::string svg(const std::string& json, const std::string& result);
/// Figures that show all runs of an object of several files together: name and SVG text.
std::map<std::string, std::string> overlay_svgs(const std::string& json);
/// Names of the figures that a result object holds; each is the name of the first result drawn in it.
/// @throws FormatError when `json` is not a result object.
std::vector<std::string> figure_names(const std::string& json);

}  // namespace heteroglass::report
