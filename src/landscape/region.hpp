/// Force fields over the atoms of a frame: all of them, or those of a region that move while the rest stands still.
///
/// A region is a sphere. Forces on its atoms are exact: atoms within potential.range() of any that moves take part, frozen. Where the
/// sphere and that shell fit into the box without meeting their own images they are cut out, so that the cost of a force does not
/// grow with the system; else the whole frame is kept, and the calculator is told which forces are wanted.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/frame.hpp"
#include "landscape/force_field.hpp"
#include "potential/potential.hpp"

namespace heteroglass::landscape {

/// [length] rho^(-1/3); in two dimensions rho^(-1/2), the thickness of the box not counted.
double spacing(const Frame& frame, bool flat);

class WholeField final : public ForceField {
 public:
  /// @param frame for box, species and types
  WholeField(const potential::Potential& potential, const Frame& frame);
  std::size_t size() const override { return calculator_->size(); }
  std::vector<Vectors> rigid_motions(const Vectors& position) const override;
  potential::Calculator& calculator() { return *calculator_; }
  double energy() const { return energy_; }  ///< where forces were asked for last

 protected:
  void evaluate(std::span<const Vec3> position, std::span<Vec3> force) override;

 private:
  Box box_;
  std::unique_ptr<potential::Calculator> calculator_;
  double energy_ = 0;
  bool flat_;
};

class Region final : public ForceField {
 public:
  /// The atoms of `frame` within `radius` of `centre`, when all atoms are at `position` (which may lie outside the cell).
  Region(const potential::Potential& potential, const Frame& frame, const Vectors& position, const Vec3& centre, double radius);

  std::size_t size() const override { return atoms_.size(); }
  std::vector<Vectors> rigid_motions(const Vectors& position) const override;
  const std::vector<std::int32_t>& atoms() const { return atoms_; }  ///< that move, ascending
  const Vectors& start() const { return start_; }                    ///< where they were, as in `position`
  bool cut_out() const { return cut_out_; }
  std::size_t simulated() const { return all_.size(); }  ///< moving and frozen
  /// Distance of each moving atom from the centre when the region was made.
  const std::vector<double>& distance() const { return distance_; }

 protected:
  void evaluate(std::span<const Vec3> position, std::span<Vec3> force) override;

 private:
  std::vector<std::int32_t> atoms_, slot_;  ///< frame index; index in all_
  std::vector<double> distance_;
  Vectors start_, all_, force_;
  Vectors shift_;  ///< from `position` to all_, for moving atoms
  Box box_;
  bool cut_out_ = false, open_ = false, flat_ = false;
  std::unique_ptr<potential::Calculator> calculator_;
};

}  // namespace heteroglass::landscape
