/// What analyses of maps ask of an image, and the axes that their results are drawn over.
#pragma once

#include <string>
#include <vector>

#include "core/image.hpp"
#include "core/value.hpp"
#include "numeric/map_view.hpp"

namespace heteroglass::probes {

/// Values over the image's pixels, in nm. @throws InputError when the size of pixels is not known
numeric::MapView map_of(const Image& image, const std::vector<double>& values);

/// Middles of pixels from the first one on [nm], along the rows and down the columns.
std::vector<double> x_axis(const Image& image);
std::vector<double> y_axis(const Image& image);
Matrix matrix_of(const Image& image, std::vector<double> values);

/// Share of pixels that count as independent: a pixel over 2 pi l^2, l the length of an exponential autocorrelation; at most 1.
double independent_share(const numeric::MapView& map, double decay_length);

}  // namespace heteroglass::probes
