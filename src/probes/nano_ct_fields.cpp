#include "probes/nano_ct.hpp"

namespace heteroglass::probes {

const Fields& NanoCtOptions::fields() {
  using O = NanoCtOptions;
  static const Fields table = {
      field<&O::threshold>("threshold", "1", "grey value that divides the phases; unset: Otsu's"),
      field<&O::quantile>("quantile", "1", "share of voxels below the threshold, instead of it").range(0, 1),
      field<&O::phase>("phase", "", "above: grey >= threshold, below: grey <= threshold").one_of({"above", "below"}),
      field<&O::voxel_size>("voxel_size", "um", "edge of a voxel").positive(),
      field<&O::connectivity>("connectivity", "1", "26: voxels that share a corner are neighbours, 6: faces only; 8 and 4 in an image")
          .range(6, 26),
      field<&O::boxes>("boxes", "", "solid: boxes that hold the phase, boundary: those that hold its surface")
          .one_of({"solid", "boundary"}),
      field<&O::part>("part", "", "what boxes count: the whole phase or its largest region").one_of({"all", "largest"}),
      field<&O::surface>("surface", "", "profile from there inwards: sample (its outline in each plane), or an edge of the volume")
          .one_of({"none", "sample", "x-low", "x-high", "y-low", "y-high", "z-low", "z-high"}),
      field<&O::sample_threshold>("sample_threshold", "1", "grey value from which a voxel is sample, for --surface sample"),
      field<&O::dataset>("dataset", "", "of HDF5 files: path of the volume; unset: the only one of three dimensions"),
      field<&O::surrogates>("surrogates", "1", "random fields with the same histogram and spectrum to compare with; 0: none").range(0, 999),
      field<&O::seed>("seed", "1", "of the surrogates").range(0, 2147483647),
  };
  return table;
}

const Fields& NanoCt::fields() {
  using R = NanoCt;
  const char* counted = "counted in the data; its sampling error is in `noise`";
  static const Fields table = {
      field<&R::threshold>("threshold", "1", "grey value used").exact("chosen"),
      field<&R::selected_fraction>("selected_fraction", "1", "share of voxels in the phase").exact(counted),
      field<&R::components>("components", "1", "connected regions").exact(counted),
      field<&R::largest_share>("largest_share", "1", "share of the phase in its largest region").exact(counted),
      field<&R::percolation>("percolation", "", "whether a region spans the volume").exact("counted in the data"),
      field<&R::fractal_dimension>("fractal_dimension", "1", "box-counting dimension"),
      field<&R::fit_from>("fit_from", "1", "smallest box of the plateau [voxel]").exact("chosen"),
      field<&R::fit_to>("fit_to", "1", "largest box of the plateau [voxel]").exact("chosen"),
      field<&R::box_size>("box_size", "1", "edge of boxes [voxel]").exact("chosen").log_axis(),
      field<&R::box_count>("box_count", "1", "boxes that hold the phase")
          .over("box_size", Plot::points)
          .log_axis()
          .exact("counted in the data"),
      field<&R::local_dimension>("local_dimension", "1", "local slope of the counts").over("box_size").exact("counted in the data"),
      field<&R::correlation_voxels>("correlation_voxels", "1", "correlation length [voxel]"),
      field<&R::correlation_length>("correlation_length", "um", "correlation length xi: c(xi) = 1/e"),
      field<&R::distance>("distance", "1", "distance [voxel]").exact("chosen"),
      field<&R::correlation>("correlation", "1", "two-point correlation c(r), mean over the axes").over("distance"),
      field<&R::correlation_error>("correlation_error", "1", "spread of the axes").error_for("correlation"),
      field<&R::anisotropy>("anisotropy", "1", "of the grey values' gradients: 0 isotropic, 1 layered").exact("summed over all voxels"),
      field<&R::regions>("regions", "", "largest regions").exact("counted in the data"),
      field<&R::grey_mean>("grey_mean", "1", "mean grey value"),
      field<&R::grey_sd>("grey_sd", "1", "standard deviation of the grey values"),
      field<&R::grey_shift>("grey_shift", "1", "mean grey value of the second volume less that of the first"),
      field<&R::comparison>("comparison", "", "grey values before and after").exact("its errors are a column"),
      field<&R::grey>("grey", "1", "grey value").exact("of the data"),
      field<&R::voxels>("voxels", "1", "voxels of that grey value").over("grey").exact("counted in the data"),
      field<&R::voxels_after>("voxels_after", "1", "the same in the second volume")
          .over("grey")
          .with("voxels")
          .exact("counted in the data"),
      field<&R::depth>("depth", "1", "depth below the surface [voxel]").exact("middle of bins"),
      field<&R::depth_grey>("depth_grey", "1", "mean grey value at that depth").over("depth"),
      field<&R::depth_grey_error>("depth_grey_error", "1", "jackknife over parts of the volume").error_for("depth_grey"),
      field<&R::depth_fraction>("depth_fraction", "1", "share of the phase at that depth").over("depth"),
      field<&R::depth_fraction_error>("depth_fraction_error", "1", "jackknife over parts of the volume").error_for("depth_fraction"),
      field<&R::noise>("noise", "", "the same on random fields with this histogram and spectrum").exact("its own spread is a column"),
  };
  return table;
}

}  // namespace heteroglass::probes
