#include "io/instrument.hpp"
#include "io/table.hpp"

namespace heteroglass::io {

/// "Unsubtracted" above "Heat Flow" is one name.
std::vector<Curve> read_perkin_elmer(const std::string& path, std::string_view text) {
  return curves_of_rows(path, rows_of_text(text), {.decimal = '\0', .continued_names = true, .padded = false, .where = "line"});
}

}  // namespace heteroglass::io
