#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {

/// Numbers tell the decimal sign: newer programs write points where the machine is set to English.
std::vector<Curve> read_baehr(const std::string& path, std::string_view text) { return curves_of_rows(path, rows_of_text(text)); }

}  // namespace heteroglass::io
