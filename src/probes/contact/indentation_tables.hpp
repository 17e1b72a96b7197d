/// The tables of probes/indentation: a row for each indent, for each model, for what files state.
#pragma once

#include <span>
#include <vector>

#include "probes/contact/indent.hpp"

namespace heteroglass::probes {

/// One number of all indents.
std::vector<double> values_of(const std::vector<Indent>& all, Value Indent::*member, double Value::*part);

Table indent_table(const std::vector<Indent>& all);
Table oliver_pharr_table(const std::vector<Indent>& all);
Table model_table(const std::vector<Indent>& all);
/// What files say of hardness and modulus, beside what is found here. `all` is empty for files of parameters.
Table stated_table(std::span<const Curve> curves, const std::vector<Indent>& all);

}  // namespace heteroglass::probes
