/// Making text harmless where it is put.
#pragma once

#include <string>
#include <string_view>

namespace heteroglass::report {

/// For element content and attributes in double quotes, HTML and SVG alike. Control characters other than tab and newline
/// become U+FFFD, because XML forbids them.
std::string escape_html(std::string_view text);
/// A JSON string with its quotes that may stand inside a <script> element: < and > are written as \u003c and \u003e.
std::string json_string(std::string_view text);
/// Script text for inlining: "</script" and "<!--" cannot appear in it any more. Legal only where they stand in
/// JavaScript strings, regular expressions or comments, which is everywhere in working code.
std::string escape_script(std::string_view code);
/// A JSON number with `digits` significant digits; null when not finite.
std::string json_number(double value, int digits = 6);

}  // namespace heteroglass::report
