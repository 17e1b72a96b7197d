#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {

/// Both layouts are tables below a preamble; the separator tells them apart.
std::vector<Curve> read_setaram(const std::string& path, std::string_view text) { return curves_of_rows(path, rows_of_text(text)); }

}  // namespace heteroglass::io
