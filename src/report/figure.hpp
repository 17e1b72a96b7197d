/// What a figure shows, decided once for the interactive page and for SVG.
///
/// Arrays that name their abscissa (`over`) become curves, points or bars; curves over the same abscissa with the same unit
/// and of like size share a figure; a model that is drawn `with` its data joins theirs whatever its size and its kind. An axis is
/// logarithmic when its result asks for that (`log_axis`) and all values are positive, or when its values are spread over decades.
/// Matrices over an abscissa give one curve a row. Arrays and per-atom results without an
/// abscissa become histograms (of eight values or more; bins after Freedman and Diaconis, doi:10.1007/BF01025868, a long tail is cut at the
/// 0.5 or 99.5 % quantile and the atoms outside are counted in the caption). Tables marked to be plotted give bars: texts are the
/// categories. Matrices that say `map(x, y)` become maps in colours.
#pragma once

#include <string>
#include <vector>

#include "report/part.hpp"

namespace heteroglass::report {

struct Axis {
  std::string title;  ///< with its unit
  bool logarithmic = false;
  std::vector<std::string> categories;  ///< non-empty: x counts these
  double low = 0, high = 0;             ///< range to show when low < high, else all data and errors
};

struct Series {
  std::string name;                 ///< legend text; empty: none
  std::vector<double> x, y, error;  ///< one standard uncertainty of y; empty: none
  Plot kind = Plot::none;           ///< none: as the figure
  std::string colour;               ///< #rrggbb; empty: by its place in the palette
};

struct Figure {
  std::string name;                  ///< of the first result in it
  std::vector<std::string> results;  ///< names of all results in it
  std::string caption;
  Plot kind = Plot::line;  ///< histogram: x are bin centres
  Axis x, y;
  std::vector<Series> series;
  double bar_width = 0;  ///< histogram: width of a bin

  // map (report/map.hpp)
  std::vector<double> pixels;  ///< row by row, the first row on top; NaN: masked
  std::size_t rows = 0, columns = 0;
  std::string y_bar;      ///< title of the colour bar
  bool to_scale = false;  ///< both axes have the same unit
};

std::vector<Figure> figures(const Part& part);
/// The kind of one series of a figure.
inline Plot kind_of(const Figure& f, const Series& s) { return s.kind == Plot::none ? f.kind : s.kind; }

/// For the page's script: {"name", "caption", "kind", "x": {...}, "y": {...}, "series": [...]}.
std::string figure_json(const Figure& figure);

/// Values between evenly spaced bins; used for histograms.
Figure histogram(const std::string& name, const std::string& label, const std::string& unit, const std::vector<double>& values);

}  // namespace heteroglass::report
