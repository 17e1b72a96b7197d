/// Tables that hold several frequencies side by side: "E'(1.000 Hz)/MPa", "E'(10.00 Hz)/MPa" to a curve for each frequency.
#pragma once

#include <vector>

#include "core/curve.hpp"

namespace heteroglass::io {

/// Curves whose columns name two frequencies or more are cut: what names none is shared, the frequency becomes a property and the label.
std::vector<Curve> split_named_frequencies(const std::vector<Curve>& curves);

}  // namespace heteroglass::io
