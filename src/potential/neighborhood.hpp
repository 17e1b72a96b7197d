/// The neighbours of every atom, kept from one force evaluation to the next.
///
///     j is in the row of i  <=>  |r_j + H n - r_i| < r_cut + skin  when the list was built
///
/// Atoms and the images around the box lie sorted by cells ("places"), so that neighbours are near in memory and no periodic test
/// stands in the inner loops. Moving atoms or straining the box changes coordinates only; the list is built anew when a pair may have
/// come within the cut-off unseen. With H the edges now and H0 then, u1 and u2 the two largest moves beside the affine one,
///
///     (1 + |H0 H^-1 - 1|) (r_cut + u1 + u2) <= r_cut + skin
///
/// guarantees that none has, so that quasistatic strain steps of 1e-4 cost no rebuild.
/// Any lattice, open ends and cells smaller than the cut-off are right. `flat`: z does not count (two dimensions).
/// Rows are full (every pair from both sides), one segment for each species of neighbour, filled up to a multiple of `width` with a
/// place far away, so that vector loops need no ends. Rows and their order do not depend on the number of threads.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/box.hpp"

namespace heteroglass::potential {

class Neighborhood {
 public:
  static constexpr std::int32_t width = 8;

  /// Coordinates of an atom or image, and a number that a model lays beside them (see spread).
  struct alignas(32) Place {
    double x = 0, y = 0, z = 0, value = 0;
  };

  struct Segment {
    const std::int32_t* places = nullptr;
    std::int32_t count = 0;   ///< neighbours
    std::int32_t padded = 0;  ///< multiple of width
  };

  Neighborhood(std::vector<int> species, int species_count, double r_cut, double skin, bool flat);

  /// Takes new coordinates. @throws InputError when a coordinate is not finite or images do not fit into memory.
  void update(const Box& box, std::span<const Vec3> position);

  std::size_t size() const { return species_.size(); }  ///< atoms; "local" indices below count them in cell order
  std::size_t places() const { return home_.size(); }   ///< atoms and images; the place far away is one more
  int species_count() const { return species_count_; }
  double r_cut() const { return r_cut_; }
  std::int64_t rebuilds() const { return rebuilds_; }

  std::int32_t atom(std::size_t local) const { return atom_[local]; }
  int species(std::size_t local) const { return local_species_[local]; }
  std::int32_t place(std::size_t local) const { return place_[local]; }
  std::int32_t home(std::size_t place) const { return home_[place]; }  ///< local index of the atom whose image this is
  const Place* place_data() const { return coordinates_.data(); }
  const Place& at(std::size_t local) const { return coordinates_[static_cast<std::size_t>(place_[local])]; }
  const Segment& segment(std::size_t local, int species) const {
    return segments_[local * static_cast<std::size_t>(species_count_) + static_cast<std::size_t>(species)];
  }
  /// Where a model notes, a bit a place of a segment, which are within the cut-off now; a row belongs to one thread.
  std::uint8_t* note(std::size_t local, int species) const {
    const std::size_t b = local / block_size;
    return notes_[b].get() + (segment(local, species).places - blocks_[b].data()) / width;
  }
  /// Shortens the row of an atom to the neighbours whose atom (by local index) is wanted, until the list is built anew.
  template <class Wanted> void keep_only(std::size_t local, Wanted wanted) {
    for (int s = 0; s < species_count_; ++s) {
      Segment& row = segments_[local * static_cast<std::size_t>(species_count_) + static_cast<std::size_t>(s)];
      auto* places = const_cast<std::int32_t*>(row.places);  // they lie in blocks_
      std::int32_t kept = 0;
      for (std::int32_t j = 0; j < row.count; ++j)
        if (wanted(static_cast<std::size_t>(home_[static_cast<std::size_t>(places[j])]))) places[kept++] = places[j];
      row.count = kept, row.padded = (kept + width - 1) / width * width;
      for (std::int32_t j = kept; j < row.padded; ++j) places[j] = static_cast<std::int32_t>(home_.size());
    }
  }
  /// The next update() builds the list anew.
  void forget() { built_.clear(); }
  /// Copies numbers of atoms (by local index) to all their places. Call it inside or outside of a parallel region.
  void spread(const std::vector<double>& local);

  /// Threads worth starting for so many atoms.
  static int team(std::size_t atoms);

 private:
  static constexpr std::size_t block_size = 256;  ///< atoms whose rows share a piece of memory

  bool follow(const Mat3& edges, const Mat3& reciprocal, std::span<const Vec3> position);
  void build(const Box& box, const Mat3& edges, const Mat3& inverse, std::span<const Vec3> position);
  void lay_out(const std::vector<Vec3>& fractional);
  void fill_rows();

  std::vector<int> species_;
  int species_count_;
  double r_cut_, skin_;
  bool flat_;
  std::int64_t rebuilds_ = 0;

  Mat3 built_edges_;
  Vec3 origin_;
  std::array<bool, 3> periodic_{};
  std::vector<Vec3> built_;               ///< by local: fractional coordinates when the list was built
  std::vector<std::array<int, 3>> wrap_;  ///< by atom: cells added to bring it into the box
  std::array<std::int32_t, 3> cells_{}, margin_{};
  Vec3 low_, span_;
  std::vector<std::int32_t> cell_start_;  ///< first place of each padded cell
  std::vector<std::int32_t> local_cell_;  ///< by local: its padded cell
  std::vector<std::int32_t> atom_, place_, home_;
  std::vector<int> local_species_;
  std::vector<std::array<int, 3>> shift_;          ///< by place: cells added to the wrapped atom
  std::vector<Place> coordinates_;                 ///< by place, and the place far away
  std::vector<Vec3> wrapped_;                      ///< by local
  std::vector<std::vector<std::int32_t>> blocks_;  ///< hold the rows
  std::vector<std::unique_ptr<std::uint8_t[]>> notes_;
  std::vector<Segment> segments_;
};

}  // namespace heteroglass::potential
