/// HTML tables of results: key numbers, rows with named columns, matrices, short labelled arrays.
#pragma once

#include <string>

#include "report/section.hpp"

namespace heteroglass::report {

/// Quantity, value ± error unit, and what it is, for all results that are single values.
std::string key_numbers(const Part& part);
/// Sortable; rows beyond the twelfth are folded away, beyond the 500th left to the files.
std::string table_html(const PartResult& result, PageState& page);
/// Values ± errors with row labels where the registry names them.
std::string matrix_html(const Part& part, const PartResult& result);
/// Arrays that are neither drawn nor per atom, joined by the texts that label them.
std::string short_arrays(const Part& part, const std::vector<Figure>& drawn, PageState& page);

}  // namespace heteroglass::report
