#include "probes/afm/map_alignment.hpp"

#include <vector>

#include "numeric/fourier.hpp"

namespace heteroglass::probes {
namespace {

std::vector<double> centred(const numeric::MapView& map) {
  const double mean = numeric::moments(map.values).mean;
  std::vector<double> v;
  for (const double m : map.values) v.push_back(std::isfinite(m) ? m - mean : 0);
  return v;
}

/// Sum of squares over the part of the map that the shifted one covers.
double covered(const std::vector<double>& v, const numeric::MapView& map, int dx, int dy) {
  double sum = 0;
  const int w = static_cast<int>(map.width), h = static_cast<int>(map.height);
  for (int y = std::max(0, -dy); y < std::min(h, h - dy); ++y)
    for (int x = std::max(0, -dx); x < std::min(w, w - dx); ++x) {
      const double m = v[static_cast<std::size_t>(y * w + x)];
      sum += m * m;
    }
  return sum;
}

}  // namespace

Alignment alignment(const numeric::MapView& first, const numeric::MapView& second) {
  const std::vector<double> a = centred(first), b = centred(second);
  const numeric::PaddedFourier fourier(first.width, first.height, first.width / 4, first.height / 4);
  const auto fa = fourier.forward(a), fb = fourier.forward(b);
  auto down = fa, up = fb;
  for (std::size_t k = 0; k < fa.size(); ++k) down[k] = std::conj(fa[k]) * fb[k], up[k] = std::conj(fb[k]) * fa[k];
  Alignment best;
  const int lx = static_cast<int>(fourier.lag_x()), ly = static_cast<int>(fourier.lag_y());
  double most = -1;
  for (const int sign : {1, -1}) {
    const std::vector<double> c = fourier.inverse(sign > 0 ? std::move(down) : std::move(up));
    for (int dy = 0; dy <= ly; ++dy)
      for (int dx = -lx; dx <= lx; ++dx) {
        const double sum = c[static_cast<std::size_t>(dy * (2 * lx + 1) + dx + lx)];
        const double overlap = (static_cast<double>(first.width) - std::abs(dx)) * (static_cast<double>(first.height) - dy);
        if (sum / overlap > most) most = sum / overlap, best.x = sign * dx, best.y = sign * dy;
      }
  }
  const double norm = std::sqrt(covered(a, first, best.x, best.y) * covered(b, second, -best.x, -best.y));
  const double overlap = (static_cast<double>(first.width) - std::abs(best.x)) * (static_cast<double>(first.height) - std::abs(best.y));
  best.coefficient = norm > 0 ? most * overlap / norm : 0;
  return best;
}

}  // namespace heteroglass::probes
