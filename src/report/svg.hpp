/// A figure drawn as SVG text without a browser: axes with ticks and units, curves with error bands or bars, legend.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "report/figure.hpp"

namespace heteroglass::report {

/// Self-contained SVG of 640 x 400 units. Colours are presentation attributes and every element has a class, so that a
/// page's style sheet can restyle it in the dark.
std::string draw_svg(const Figure& figure);

/// Round tick positions inside [low, high], about `wanted` of them.
std::vector<double> ticks(double low, double high, int wanted = 6);

/// Text of a figure; `anchor` is start, middle or end, `extra` further attributes.
std::string svg_text(double x, double y, std::string_view anchor, std::string_view words, std::string_view extra = {});
std::string svg_line(double x1, double y1, double x2, double y2, std::string_view style, std::string_view colour, double wide = 1);

/// Colour i of the palette of Okabe and Ito, told apart by colour-blind readers (doi:10.1038/nmeth.1618).
std::string_view palette(std::size_t i);

}  // namespace heteroglass::report
