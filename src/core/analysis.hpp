/// The registry entry of an analysis, type-erased, and the template that makes it from a free function.
///
/// An analysis is `Result f(Input, const Options&, Context& = Context::quiet())`, Input one of
///     nothing | const Frame& | const Frame& reference, const Frame& current | std::span<const Frame> |
///     const Trajectory& | std::span<const Curve> | std::span<const Frame>, std::span<const Curve> |
///     const Volume& | std::span<const Volume* const> | std::span<const Image>
/// and Options, Result are aggregates with `static const Fields& fields()`. It never prints, reads a file or knows HTML.
/// Options of an analysis of curves also have `static const ColumnRoles& columns()`: the curves it is handed have exactly the
/// roles found in the file as columns, in the units of the roles. It gets no curve when no file was named: then it evaluates its
/// formula. Several files are one run each, unless Options has `static constexpr bool joins_files = true`. A file of several
/// curves (steps, isotherms) is one run with all of them, unless Options has `static constexpr bool one_curve = true`: then each
/// curve is a run of its own. With frames beside curves, files are told apart by their content, and all make one run.
/// Options of an analysis of images have `static const ColumnRoles& channels()`; all images make one run, and without a file
/// the analysis evaluates its formula.
///
/// At the end of its .cpp stands
///     const Analysis& voronoi_analysis() {
///       static const Analysis entry = analysis<&voronoi>("structure", "voronoi", "one line", {{"Author, Journal vol, page (year)", "10.x/y"}});
///       return entry;
///     }
/// and in src/analyses.def the line `HETEROGLASS_ANALYSIS(structure, voronoi)`.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/context.hpp"
#include "core/curve.hpp"
#include "core/field.hpp"
#include "core/frame.hpp"
#include "core/image.hpp"
#include "core/trajectory.hpp"
#include "core/volume.hpp"

namespace heteroglass {

enum class InputKind { none, frame, frame_pair, frames, trajectory, curves, frames_and_curves, volume, volumes, images };

struct Reference {
  std::string text;
  std::string doi;  ///< empty where there is none
};

/// What an analysis is run on. Only the member that its InputKind names is read.
struct Inputs {
  std::vector<Frame> frames;
  const Trajectory* trajectory = nullptr;
  std::vector<Curve> curves;
  std::vector<const Volume*> volumes;
  std::vector<Image> images;
};

struct Analysis {
  std::string family, name, summary;
  std::vector<Reference> references;  ///< empty only for plain definitions; then `no_reference` says so
  std::string no_reference;
  InputKind input = InputKind::none;
  const Fields* options = nullptr;
  const Fields* results = nullptr;
  const ColumnRoles* columns = nullptr;   ///< of curves; nullptr: columns as they are in the file
  const ColumnRoles* channels = nullptr;  ///< of images
  bool joins_files = false;               ///< all files of curves make one run
  bool one_curve = false;                 ///< each curve of a file makes a run of its own
  std::shared_ptr<void> (*new_options)() = nullptr;
  std::shared_ptr<void> (*new_result)() = nullptr;
  std::shared_ptr<void> (*run)(const Inputs&, const void* options, Context&) = nullptr;
  /// What a run will cost, in a line, from the options and the total number of atoms in the inputs; for --dry-run.
  std::string (*cost)(const void* options, double atoms) = nullptr;

  std::string path() const { return family + "/" + name; }
};

namespace detail {
template <auto F> struct Call;

template <class R, class O> struct CallBase {
  using Result = R;
  using Options = O;
};
template <class R, class O, R (*F)(const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::none;
  static R run(const Inputs&, const O& o, Context& c) { return F(o, c); }
};
template <class R, class O, R (*F)(const Frame&, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::frame;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.frames.at(0), o, c); }
};
template <class R, class O, R (*F)(const Frame&, const Frame&, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::frame_pair;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.frames.at(0), in.frames.at(1), o, c); }
};
template <class R, class O, R (*F)(std::span<const Frame>, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::frames;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.frames, o, c); }
};
template <class R, class O, R (*F)(const Trajectory&, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::trajectory;
  static R run(const Inputs& in, const O& o, Context& c) { return F(*in.trajectory, o, c); }
};
template <class R, class O, R (*F)(std::span<const Curve>, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::curves;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.curves, o, c); }
};
template <class R, class O, R (*F)(const Volume&, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::volume;
  static R run(const Inputs& in, const O& o, Context& c) { return F(*in.volumes.at(0), o, c); }
};
template <class R, class O, R (*F)(std::span<const Volume* const>, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::volumes;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.volumes, o, c); }
};
template <class R, class O, R (*F)(std::span<const Image>, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::images;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.images, o, c); }
};
template <class R, class O, R (*F)(std::span<const Frame>, std::span<const Curve>, const O&, Context&)> struct Call<F> : CallBase<R, O> {
  static constexpr InputKind input = InputKind::frames_and_curves;
  static R run(const Inputs& in, const O& o, Context& c) { return F(in.frames, in.curves, o, c); }
};
}  // namespace detail

template <auto F>
Analysis analysis(std::string family, std::string name, std::string summary, std::vector<Reference> references,
                  std::string no_reference = {}) {
  using C = detail::Call<F>;
  using O = typename C::Options;
  using R = typename C::Result;
  Analysis a;
  a.family = std::move(family), a.name = std::move(name), a.summary = std::move(summary);
  a.references = std::move(references), a.no_reference = std::move(no_reference);
  a.input = C::input;
  a.options = &O::fields();
  a.results = &R::fields();
  if constexpr (requires { O::columns(); }) a.columns = &O::columns();
  if constexpr (requires { O::channels(); }) a.channels = &O::channels();
  if constexpr (requires { O::joins_files; }) a.joins_files = O::joins_files;
  if (a.input == InputKind::frames_and_curves) a.joins_files = true;
  if constexpr (requires { O::one_curve; }) a.one_curve = O::one_curve;
  a.new_options = [] { return std::static_pointer_cast<void>(std::make_shared<O>()); };
  a.new_result = [] { return std::static_pointer_cast<void>(std::make_shared<R>()); };
  a.run = [](const Inputs& in, const void* options, Context& context) {
    return std::static_pointer_cast<void>(std::make_shared<R>(C::run(in, *static_cast<const O*>(options), context)));
  };
  return a;
}

}  // namespace heteroglass
