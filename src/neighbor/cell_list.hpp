/// Atoms sorted into cells, with the images around the box laid out beside them, for visiting neighbours in order.
///
///     j is a neighbour of i  <=>  |r_j + H n - r_i| < r_cut  for an image n, (j, n) != (i, 0)
///
/// Right for any lattice: triclinic of either tilt sign, strongly tilted (the lattice is reduced first), open along any
/// edge, and smaller than the cut-off (an atom may meet itself and several images of another). Cells divide the reduced box
/// in fractional coordinates; a margin of image cells as wide as the cut-off surrounds them, so that the cells near an
/// atom are a few contiguous runs of coordinates and no periodic test stands in the inner loop.
///
/// A separation is the same number with opposite sign from both ends, so that the neighbour relation is symmetric bit for bit.
///
/// Use it where neighbours are needed once (histograms, sums): memory is about 70 bytes an atom, however long the cut-off.
/// Use neighbor_list where they are needed again. Cost O(N); blocks may be visited from several threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/frame.hpp"

namespace heteroglass::neighbor {

struct Neighbor {
  std::int32_t index;  ///< of the neighbouring atom in the frame
  Vec3 separation;     ///< [angstrom] from the atom to the neighbour's image
};

/// Which neighbours of an atom are visited.
enum class Pairs {
  all,       ///< every pair from both sides
  once,      ///< every pair from one side, whichever comes first in cell order: the fastest
  by_index,  ///< every pair from the side of the lower index; self-images once
};

class CellList {
 public:
  /// @throws InputError if r_cut is not positive and finite, or so long that the images do not fit into memory.
  CellList(const Frame& frame, double r_cut);

  /// Units of work for threads; each holds the atoms of some cells, every atom is in one block.
  std::size_t blocks() const { return blocks_; }
  std::size_t size() const { return wrapped_.size(); }
  double r_cut() const { return r_cut_; }

  /// Calls visit(i, neighbours) for the atoms of a block in cell order. Neighbours come in cell order too: the same on
  /// every run, but neither sorted by index nor by distance.
  template <class Visit> void visit(std::size_t block, Pairs pairs, Visit&& visitor) const {
    Scratch scratch;
    for (std::size_t row = row_begin(block); row < row_begin(block + 1); ++row)
      for (std::int32_t c = 0; c < cells_[0]; ++c) {
        const std::size_t home = home_cell(row, c);
        if (start_[home] == start_[home + 1]) continue;
        find_runs(home, row, c, pairs, scratch);
        for (std::int32_t slot = start_[home]; slot < start_[home + 1]; ++slot) {
          select(slot, pairs, scratch);
          resolve(slot, scratch);
          visitor(static_cast<std::size_t>(index_[slot]), std::span<const Neighbor>(scratch.neighbors.data(), scratch.count));
        }
      }
  }

  /// As visit, with the places of the neighbours in the cell order instead of the neighbours: visitor(i, place of i, places).
  template <class Visit> void visit_places(std::size_t block, Pairs pairs, Visit&& visitor) const {
    Scratch scratch;
    for (std::size_t row = row_begin(block); row < row_begin(block + 1); ++row)
      for (std::int32_t c = 0; c < cells_[0]; ++c) {
        const std::size_t home = home_cell(row, c);
        if (start_[home] == start_[home + 1]) continue;
        find_runs(home, row, c, pairs, scratch);
        for (std::int32_t slot = start_[home]; slot < start_[home + 1]; ++slot) {
          select(slot, pairs, scratch);
          visitor(static_cast<std::size_t>(index_[slot]), slot, std::span<const std::int32_t>(scratch.hits.data(), scratch.count));
        }
      }
  }
  std::int32_t index_at(std::int32_t place) const { return index_[place]; }
  /// From the atom at place `from` (in the box) to the atom or image at place `to`.
  Vec3 separation(std::int32_t from, std::int32_t to) const {
    if (image_[to] == 0) return {x_[to] - x_[from], y_[to] - y_[from], z_[to] - z_[from]};
    return (wrapped_[index_[to]] - Vec3{x_[from], y_[from], z_[from]}) + shifts_[image_[to]];
  }
  /// An atom may meet several images of the same neighbour, or of itself.
  bool several_images() const { return several_images_; }

 private:
  struct Run {
    std::int32_t begin, end;
  };
  /// A row of neighbouring cells: linear offset of its first and last cell from the home cell.
  struct Row {
    std::ptrdiff_t first, last;
    int order;  ///< -1, 0, 1: before, through and after the home cell
  };
  struct Scratch {
    std::vector<Run> runs;
    std::vector<std::int32_t> hits;
    std::vector<Neighbor> neighbors;
    std::size_t count = 0;
    bool images = false;  ///< some candidates are images
  };

  void choose_cells(const Frame& frame);
  void fill_cells(const std::vector<Vec3>& fractional);
  void find_rows();
  std::size_t row_begin(std::size_t block) const;
  std::size_t home_cell(std::size_t row, std::int32_t c) const;
  void find_runs(std::size_t home, std::size_t row, std::int32_t c, Pairs pairs, Scratch& scratch) const;
  void select(std::int32_t slot, Pairs pairs, Scratch& scratch) const;
  void resolve(std::int32_t slot, Scratch& scratch) const;

  double r_cut_;
  Mat3 basis_;       ///< reduced edges; along open directions orthogonal to the periodic ones
  Vec3 low_, span_;  ///< fractional extent of the cells: 0 and 1 where periodic
  std::array<bool, 3> periodic_{};
  std::array<std::int32_t, 3> cells_{}, margin_{}, padded_{};
  bool several_images_ = false;
  std::size_t blocks_ = 0;
  std::vector<Vec3> wrapped_;  ///< by frame index, in the reduced cell
  std::vector<Row> rows_;
  std::vector<std::int32_t> start_;        ///< first place of each padded cell
  std::unique_ptr<double[]> x_, y_, z_;    ///< by place: atoms and images
  std::unique_ptr<std::int32_t[]> index_;  ///< by place: frame index
  std::unique_ptr<std::int32_t[]> image_;  ///< by place: index into shifts_, 0 for the atom itself
  std::vector<Vec3> shifts_;
};

}  // namespace heteroglass::neighbor
