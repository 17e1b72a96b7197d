/// Density regions of a tomogram or micrograph: how much, how connected, how fractal, on what length, and whether noise would do.
///
/// Grey values stand for density. The selected phase is low <= grey or grey <= threshold (`phase`), the threshold given, a quantile,
/// or Otsu's. On it: connected regions (6 or 26 neighbours; 4 or 8 in an image) and whether one spans the volume; box
/// counting N(e) ~ e^(-Df), sizes at which 95 % of all boxes hold the phase left out; two-point function S2(r) along each axis and its correlation length
///
///     c(r) = (S2(r) - f^2) / (f - f^2),    c(xi) = 1/e,   f the selected fraction
///
/// and the structure tensor of the grey values (anisotropy 1 - lowest/highest eigenvalue). The same on surrogates, random fields with the same
/// histogram and spectrum, tells what smooth noise alone gives (box dimensions of 2.3-2.7): mean, spread and p-value.
/// Volumes may be larger than memory: grey values pass plane by plane, the phase is kept with a bit a voxel; surrogates then
/// come from the middle 256^3 voxels, compared with the same piece of the data. xi under 3 voxels is not resolved and said.
/// A second volume (the same sample after a treatment) is compared grey value by grey value: histograms on one axis, shift of mean and median, standard deviation, the
/// largest difference of the cumulative histograms; it must be on the same grey scale. Profile from a surface inwards: depth_profile.hpp.
/// Cost linear in voxels, threaded.
/// Source: Qiao et al., Prog. Mater. Sci. 104, 250 (2019), doi:10.1016/j.pmatsci.2019.04.005, section 3; Otsu, IEEE Trans. Syst. Man Cybern. 9, 62 (1979), doi:10.1109/TSMC.1979.4310076.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/analysis.hpp"

namespace heteroglass::probes {

struct NanoCtOptions {
  std::optional<double> threshold = {};         ///< [1] grey value
  std::optional<double> quantile = {};          ///< [1] share of voxels below the threshold
  std::string phase = "above";                  ///< above: grey >= threshold | below: grey <= threshold
  std::optional<double> voxel_size = {};        ///< [um]
  int connectivity = 26;                        ///< 6 | 26
  std::string boxes = "solid";                  ///< solid | boundary
  std::string part = "all";                     ///< all | largest: what boxes count
  std::string surface = "none";                 ///< none | sample | x-low ... z-high
  std::optional<double> sample_threshold = {};  ///< [1] grey value of the sample's outline
  std::string dataset = {};                     ///< of HDF5 files
  int surrogates = 9;
  int seed = 1;
  static const Fields& fields();
};

struct NanoCt {
  double threshold = 0;          ///< [1] used
  double selected_fraction = 0;  ///< [1]
  int components = 0;
  double largest_share = 0;  ///< [1] of the selected voxels
  Table percolation;         ///< axis, spans
  Measured fractal_dimension;
  double fit_from = 0, fit_to = 0;                               ///< [voxel]
  std::vector<double> box_size, box_count, local_dimension;      ///< [voxel], [1]
  Measured correlation_voxels;                                   ///< [1] xi in voxels
  Measured correlation_length;                                   ///< [um]
  std::vector<double> distance, correlation, correlation_error;  ///< [voxel], c(r) mean over axes
  double anisotropy = 0;
  Table regions;                                                                                  ///< largest ones
  Measured grey_mean, grey_sd;                                                                    ///< [1]
  std::vector<double> grey, voxels, voxels_after;                                                 ///< histogram
  Measured grey_shift;                                                                            ///< [1] mean after - before
  Table comparison;                                                                               ///< before and after
  std::vector<double> depth, depth_grey, depth_grey_error, depth_fraction, depth_fraction_error;  ///< [voxel], [1]
  Table noise;                                                                                    ///< measured against surrogates
  static const Fields& fields();
};

/// @param volumes one, or before and after @throws InputError for one grey value, a threshold that selects nothing or everything, two ways to a threshold
NanoCt nano_ct(std::span<const Volume* const> volumes, const NanoCtOptions& options = {}, Context& context = Context::quiet());

}  // namespace heteroglass::probes
