/// Distance of each set pixel of an image to the nearest unset one, exact (Euclidean), in pixels; 0 at unset pixels.
///
/// Centre to centre. Without an unset pixel all distances are infinite. What lies beyond the edges of the image does not count.
/// Cost O(pixels). Source: Felzenszwalb, Huttenlocher, Theory Comput. 8, 415 (2012), doi:10.4086/toc.2012.v008a019.
#pragma once

#include <cstddef>
#include <vector>

namespace heteroglass::numeric {

/// @param set (height, width) row by row
std::vector<double> distance_transform(const std::vector<char>& set, std::size_t width, std::size_t height);

/// `set` with its holes filled: unset pixels that are not joined to the edge of the image by unset ones (four neighbours).
std::vector<char> filled_holes(const std::vector<char>& set, std::size_t width, std::size_t height);

}  // namespace heteroglass::numeric
