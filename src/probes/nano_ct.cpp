#include "probes/nano_ct.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/error.hpp"
#include "core/units.hpp"
#include "numeric/bit_volume.hpp"
#include "numeric/box_dimension.hpp"
#include "numeric/decay_length.hpp"
#include "numeric/noise_table.hpp"
#include "numeric/surrogate.hpp"
#include "numeric/symmetric3.hpp"
#include "probes/volume/depth_profile.hpp"
#include "probes/volume/grey.hpp"

namespace heteroglass::probes {
namespace {

using numeric::BitVolume;
using Size = std::array<std::size_t, 3>;

struct Phase {
  float low = -INFINITY, high = INFINITY;
};

Phase phase_of(const NanoCtOptions& o, double threshold) {
  return o.phase == "above" ? Phase{float(threshold), INFINITY} : Phase{-INFINITY, float(threshold)};
}

void select_plane(BitVolume& v, std::size_t z, std::span<const float> grey, const Phase& p) {
  const std::size_t nx = v.size()[0];
#pragma omp parallel for schedule(static)
  for (std::int64_t y = 0; y < std::int64_t(v.size()[1]); ++y)
    v.threshold_row(std::size_t(y), z, grey.subspan(std::size_t(y) * nx, nx), p.low, p.high);
}

/// What is measured of a phase, of the data and of surrogates alike.
struct Measures {
  numeric::Regions regions;
  std::uint64_t selected = 0;
  std::vector<double> sizes, counts;
  numeric::BoxDimension boxes;
  std::vector<double> distance, correlation, correlation_error;
  double xi = NAN, xi_error = NAN;
};

void two_point_function(const BitVolume& v, Measures& m) {
  const double f = double(m.selected) / (double(v.size()[0]) * double(v.size()[1]) * double(v.size()[2]));
  std::vector<std::size_t> axes;
  std::size_t longest = 0;
  for (std::size_t k = 0; k < 3; ++k)
    if (v.size()[k] > 3) axes.push_back(k), longest = std::max(longest, v.size()[k]);
  std::size_t reach = longest;
  for (const std::size_t k : axes) reach = std::min(reach, v.size()[k] / 2);
  reach = std::min<std::size_t>(reach, 256);
  std::vector<std::vector<double>> along(axes.size());
  for (std::size_t d = 0; d < reach; d = d < 32 ? d + 1 : d + d / 16) {
    double sum = 0, squares = 0;
    for (std::size_t k = 0; k < axes.size(); ++k) {
      const double c = (numeric::two_point(v, axes[k], d) - f * f) / (f - f * f);
      along[k].push_back(c), sum += c, squares += c * c;
    }
    const double n = double(axes.size()), mean = sum / n;
    m.distance.push_back(double(d)), m.correlation.push_back(mean);
    m.correlation_error.push_back(n > 1 ? std::sqrt(std::max(0.0, squares / n - mean * mean) / (n - 1)) : NAN);
  }
  m.xi = numeric::decay_length(m.distance, m.correlation);
  double sum = 0, squares = 0, n = 0;
  for (const auto& c : along)
    if (const double xi = numeric::decay_length(m.distance, c); std::isfinite(xi)) sum += xi, squares += xi * xi, ++n;
  if (n > 1) m.xi_error = std::sqrt(std::max(0.0, squares / n - sum / n * (sum / n)) / (n - 1));
}

/// Slope of the counts. Where nearly all boxes of the volume hold the phase they count the volume and not the phase: such sizes are left out, if enough
/// others are there.
void fit_dimension(const Size& size, Measures& m) {
  std::vector<double> sizes, counts;
  for (std::size_t k = 0; k < m.sizes.size(); ++k) {
    double boxes = 1;
    for (const std::size_t n : size) boxes *= std::ceil(double(n) / (n > 1 ? m.sizes[k] : 1));
    if (m.counts[k] < 0.95 * boxes) sizes.push_back(m.sizes[k]), counts.push_back(m.counts[k]);
  }
  try {
    m.boxes = numeric::box_dimension(m.sizes, m.counts);
    if (sizes.size() < 4) return;
    std::vector<double> slopes = std::move(m.boxes.local_slope);
    m.boxes = numeric::box_dimension(sizes, counts);
    m.boxes.local_slope = std::move(slopes);
  } catch (const InputError& e) {  // a thin stack: the rest can still be told
    m.boxes.dimension.note = e.what(), m.boxes.local_slope.assign(m.sizes.size(), NAN);
  }
}

Measures measured(const BitVolume& v, const NanoCtOptions& o) {
  Measures m;
  m.selected = v.count();
  const bool diagonal = o.connectivity == 26;
  m.regions = numeric::regions(v, diagonal);
  const BitVolume* counted = &v;
  std::optional<BitVolume> largest;
  if (o.part == "largest") counted = &largest.emplace(numeric::largest_region(v, diagonal));
  for (const std::size_t e : numeric::box_sizes(v.size())) {
    m.sizes.push_back(double(e));
    m.counts.push_back(double(o.boxes == "solid" ? box_count(*counted, e) : boundary_box_count(*counted, e)));
  }
  fit_dimension(v.size(), m);
  two_point_function(v, m);
  return m;
}

/// Largest and smallest axis of an ellipsoid with the region's gyration tensor; pixels of a thin region give infinity.
double aspect(const numeric::Region& r, bool image) {
  const std::array<double, 3> e = numeric::eigenvalues_symmetric3(r.gyration);
  const double smallest = image ? e[1] : e[0];
  return smallest > 1e-9 ? std::sqrt(e[2] / smallest) : NAN;
}

Table regions_table(const numeric::Regions& all, bool image) {
  Table t;
  t.columns.reserve(6);
  TableColumn &voxels = t.add_number("voxels", "1", "size"), &x = t.add_number("x", "1", "centre [voxel]"),
              &y = t.add_number("y", "1", "centre [voxel]"), &z = t.add_number("z", "1", "centre [voxel]"),
              &radius = t.add_number("equivalent_radius", "1", "of a ball (disc) of this size [voxel]"),
              &ratio = t.add_number("aspect_ratio", "1", "longest over shortest axis of gyration; none for flat or thin regions");
  for (std::size_t k = 0; k < std::min<std::size_t>(all.region.size(), 200); ++k) {
    const numeric::Region& r = all.region[k];
    voxels.number.push_back(double(r.voxels));
    x.number.push_back(r.centre[0]), y.number.push_back(r.centre[1]), z.number.push_back(r.centre[2]);
    radius.number.push_back(image ? std::sqrt(double(r.voxels) / M_PI) : std::cbrt(3 * double(r.voxels) / (4 * M_PI)));
    ratio.number.push_back(aspect(r, image));
  }
  return t;
}

Table percolation_table(const numeric::Regions& all, const Size& size) {
  Table t;
  t.columns.reserve(2);
  TableColumn &axis = t.add_text("axis", "direction"), &spans = t.add_text("spans", "a region reaches from one face to the other");
  for (std::size_t k = 0; k < 3; ++k)
    if (size[k] > 1) axis.text.push_back(std::string(1, char('x' + k))), spans.text.push_back(all.percolates(k, size) ? "yes" : "no");
  return t;
}

/// The middle of the volume, at most 256 voxels an edge, and its size.
std::vector<float> middle(const Volume& volume, Size& size) {
  const Size whole = volume.size();
  constexpr std::size_t most = 256, most_pixels = 2048;
  for (std::size_t k = 0; k < 3; ++k) size[k] = std::min(whole[k], whole[2] > 1 ? most : most_pixels);
  std::vector<float> plane(whole[0] * whole[1]), out;
  out.reserve(size[0] * size[1] * size[2]);
  for (std::size_t z = (whole[2] - size[2]) / 2; z < (whole[2] + size[2]) / 2; ++z) {
    volume.plane(z, plane);
    for (std::size_t y = (whole[1] - size[1]) / 2; y < (whole[1] + size[1]) / 2; ++y) {
      const auto row = plane.begin() + std::ptrdiff_t(y * whole[0] + (whole[0] - size[0]) / 2);
      out.insert(out.end(), row, row + std::ptrdiff_t(size[0]));
    }
  }
  return out;
}

BitVolume selected(std::span<const float> grey, const Size& size, const Phase& p) {
  BitVolume v(size);
  for (std::size_t z = 0; z < size[2]; ++z) select_plane(v, z, grey.subspan(z * size[0] * size[1], size[0] * size[1]), p);
  return v;
}

Table noise_control(const Volume& volume, const NanoCtOptions& o, const Phase& p, const Measures& whole, Context& context) {
  Size size{};
  const std::vector<float> grey = middle(volume, size);
  const bool cut = size != volume.size();
  const Measures piece = cut ? measured(selected(grey, size, p), o) : whole;
  if (cut)
    context.warn(
        fmt::format("surrogates and what they are compared with are of the middle {} x {} x {} voxels", size[0], size[1], size[2]));
  std::vector<double> dimension, components, largest, xi, ratio;
  const bool image = size[2] == 1;
  const auto mean_aspect = [&](const Measures& m) {
    double sum = 0, n = 0;
    for (const numeric::Region& r : m.regions.region)
      if (const double a = aspect(r, image); r.voxels >= 20 && std::isfinite(a)) sum += a, ++n;
    return n > 0 ? sum / n : NAN;
  };
  const numeric::Surrogates source(grey, numeric::open_amplitudes(grey, size), size);
  for (int k = 0; k < o.surrogates; ++k) {
    context.check_cancelled();
    context.progress(0.5 + 0.5 * k / o.surrogates, fmt::format("surrogate {} of {}", k + 1, o.surrogates));
    const std::vector<float> field = source.draw(std::uint64_t(o.seed) * 1000003u + std::uint64_t(k));
    const Measures m = measured(selected(field, size, p), o);
    dimension.push_back(m.boxes.dimension.value), components.push_back(double(m.regions.region.size()));
    largest.push_back(double(m.regions.region.front().voxels) / double(m.selected)), xi.push_back(m.xi), ratio.push_back(mean_aspect(m));
  }
  numeric::NoiseTable t;
  t.add("fractal dimension", piece.boxes.dimension.value, dimension);
  t.add("components", double(piece.regions.region.size()), components);
  t.add("share of the largest region", double(piece.regions.region.front().voxels) / double(piece.selected), largest);
  t.add("correlation length [voxel]", piece.xi, xi);
  t.add("mean aspect ratio", mean_aspect(piece), ratio);
  return t.table();
}

void check(const NanoCtOptions& o) {
  if (o.threshold && o.quantile) throw InputError("probes/nano_ct: --threshold or --quantile must be given, not both");
  if (o.connectivity != 6 && o.connectivity != 26)
    throw InputError(fmt::format("--connectivity: must be 6 or 26 (4 or 8 in an image), got {}", o.connectivity));
  if ((o.surface == "sample") != o.sample_threshold.has_value())
    throw InputError(
        "--surface sample and --sample-threshold: must be given together, the grey value divides the sample from what is around it");
}

/// Histograms of both, moments, and their differences.
void compare(const Volume& after, const GreyHistogram& before_histogram, const GreyMoments& before, NanoCt& r, Context& context) {
  const GreyHistogram histogram = grey_histogram(after, context);
  GreyMoments moments(after.size());
  std::vector<float> plane(after.size()[0] * after.size()[1]);
  for (std::size_t z = 0; z < after.size()[2]; ++z) after.plane(z, plane), moments.add_plane(z, plane);
  CommonHistogram c = common_histogram(before_histogram, histogram);
  double all_a = 0, all_b = 0, a = 0, b = 0, apart = 0;
  for (std::size_t k = 0; k < c.grey.size(); ++k) all_a += c.first[k], all_b += c.second[k];
  for (std::size_t k = 0; k < c.grey.size(); ++k)
    a += c.first[k], b += c.second[k], apart = std::max(apart, std::abs(a / all_a - b / all_b));
  const auto change = [](const Measured& x, const Measured& y) {
    return Measured{y.value - x.value, std::hypot(x.error, y.error), "jackknife over blocks of both volumes"};
  };
  r.grey_shift = change(before.mean(), moments.mean());
  const Measured width = change(before.deviation(), moments.deviation());
  TableColumn what{"quantity", "1", "", true, {"mean", "standard deviation", "median", "largest difference of cumulative histograms"}, {}};
  TableColumn x{"before", "1", "", false, {}, {before.mean().value, before.deviation().value, before_histogram.quantile(0.5), 0}},
      y{"after", "1", "", false, {}, {moments.mean().value, moments.deviation().value, histogram.quantile(0.5), apart}},
      d{"change", "1", "after - before",
        false,    {},  {r.grey_shift.value, width.value, histogram.quantile(0.5) - before_histogram.quantile(0.5), apart}},
      e{"change_error", "1", "", false, {}, {r.grey_shift.error, width.error, NAN, NAN}};
  r.comparison = {{what, x, y, d, e}};
  r.grey = std::move(c.grey), r.voxels = std::move(c.first), r.voxels_after = std::move(c.second);
}

/// As given, else as the header says where it says a unit of length. Everything here counts voxels as cubes.
std::optional<double> voxel_size(const Volume& volume, std::optional<double> given) {
  const std::array<double, 3> s = volume.spacing();
  const std::size_t dimension = volume.size()[2] == 1 ? 2 : 3;
  const auto [least, most] = std::minmax_element(s.begin(), s.begin() + std::ptrdiff_t(dimension));
  if (!(*least > 0)) return given;
  if (*most > 1.01 * *least)
    throw InputError(fmt::format("{}: voxels must be cubes, got edges of {} by its header; resample it to one length", volume.source(),
                                 fmt::join(s.begin(), s.begin() + std::ptrdiff_t(dimension), " x ")));
  if (given || volume.spacing_unit().empty()) return given;
  try {
    return convert(*least, volume.spacing_unit(), "um");
  } catch (const InputError&) {  // pixels, and other words that are no length
    return {};
  }
}

}  // namespace

NanoCt nano_ct(std::span<const Volume* const> volumes, const NanoCtOptions& o, Context& context) {
  check(o);
  if (volumes.empty() || volumes.size() > 2)
    throw InputError(fmt::format("probes/nano_ct: takes one volume, or two (before, after), got {}", volumes.size()));
  const Volume& volume = *volumes[0];
  const std::optional<double> edge = voxel_size(volume, o.voxel_size);
  const Size size = volume.size();
  const bool image = size[2] == 1;
  NanoCt r;
  GreyHistogram histogram = grey_histogram(volume, context);
  r.grey = histogram.grey, r.voxels = histogram.voxels;
  r.threshold = o.threshold ? *o.threshold : o.quantile ? histogram.quantile(*o.quantile) : histogram.otsu();
  const Phase p = phase_of(o, r.threshold);

  BitVolume v(size);
  std::vector<float> plane(size[0] * size[1]);
  StructureTensor tensor(size);
  GreyMoments moments(size);
  std::optional<DepthProfiler> profiler;
  if (o.surface != "none") profiler.emplace(size, o.surface, o.sample_threshold.value_or(0));
  for (std::size_t z = 0; z < size[2]; ++z) {
    context.check_cancelled();
    context.progress(0.2 + 0.2 * double(z) / double(size[2]), "selecting voxels");
    volume.plane(z, plane);
    select_plane(v, z, plane, p);
    tensor.add_plane(plane), moments.add_plane(z, plane);
    if (profiler) profiler->add_plane(z, plane, p.low, p.high);
  }
  r.grey_mean = moments.mean(), r.grey_sd = moments.deviation();
  r.grey_shift.note = "needs a second volume";
  if (profiler) {
    DepthProfile d = profiler->profile();
    if (d.depth.empty())
      throw InputError(
          fmt::format("--sample-threshold: must leave some of {} outside and some inside, got {}", volume.source(), *o.sample_threshold));
    r.depth = std::move(d.depth), r.depth_grey = std::move(d.grey), r.depth_grey_error = std::move(d.grey_error);
    r.depth_fraction = std::move(d.fraction), r.depth_fraction_error = std::move(d.fraction_error);
  }
  if (volumes.size() == 2) compare(*volumes[1], histogram, moments, r, context);
  const std::uint64_t selected_voxels = v.count(), all = std::uint64_t{size[0]} * size[1] * size[2];
  if (selected_voxels == 0 || selected_voxels == all)
    throw InputError(fmt::format("{}: the threshold must split the grey values {} to {}, got {} ({} voxels selected)", volume.source(),
                                 r.grey.front(), r.grey.back(), r.threshold, selected_voxels == 0 ? "no" : "all"));
  const Measures m = measured(v, o);
  r.selected_fraction = double(selected_voxels) / double(all);
  r.components = int(m.regions.region.size());
  r.largest_share = double(m.regions.region.front().voxels) / double(selected_voxels);
  r.percolation = percolation_table(m.regions, size);
  r.regions = regions_table(m.regions, image);
  r.fractal_dimension = m.boxes.dimension, r.fit_from = m.boxes.from, r.fit_to = m.boxes.to;
  r.box_size = m.sizes, r.box_count = m.counts, r.local_dimension = m.boxes.local_slope;
  r.distance = m.distance, r.correlation = m.correlation, r.correlation_error = m.correlation_error;
  r.correlation_voxels = {
      m.xi, m.xi_error, std::isfinite(m.xi) ? "spread of the axes" : "the two-point function does not fall to 1/e within half the volume"};
  r.correlation_length = r.correlation_voxels;
  if (edge)
    r.correlation_length.value *= *edge, r.correlation_length.error *= *edge;
  else
    r.correlation_length = {NAN, NAN, "needs --voxel-size"};
  if (std::isnan(m.boxes.dimension.value)) context.warn("no fractal dimension: " + m.boxes.dimension.note);
  if (m.xi < 3) context.warn(fmt::format("the correlation length of {:.2f} voxels is under 3 voxels: it is not resolved", m.xi));
  r.anisotropy = tensor.anisotropy(image);
  if (o.surrogates > 1)
    r.noise = noise_control(volume, o, p, m, context);
  else
    context.warn("without surrogates nothing tells these numbers from those of smoothed noise");
  return r;
}

const Analysis& nano_ct_analysis() {
  static const Analysis entry =
      analysis<&nano_ct>("probes", "nano_ct", "density regions of a tomogram or micrograph: connectivity, fractal dimension, length",
                         {{"Qiao et al., Prog. Mater. Sci. 104, 250 (2019), section 3", "10.1016/j.pmatsci.2019.04.005"},
                          {"Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979)", "10.1109/TSMC.1979.4310076"},
                          {"Schreiber, Schmitz, Phys. Rev. Lett. 77, 635 (1996)", "10.1103/PhysRevLett.77.635"}});
  return entry;
}

}  // namespace heteroglass::probes
