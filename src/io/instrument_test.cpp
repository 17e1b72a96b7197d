// Small files in the shapes that instruments write, made up here; the shared measured files where they are there.
#include "io/instrument.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iconv.h>
#include <zlib.h>

#include <cmath>
#include <cstdlib>

#include "io/curve_file.hpp"
#include "io/encoding.hpp"
#include "io/format.hpp"
#include "io/test_files.hpp"

namespace heteroglass::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string encoded(std::string text, const char* encoding) {
  const iconv_t state = iconv_open(encoding, "UTF-8");
  std::string out(4 * text.size() + 8, '\0');
  char *from = text.data(), *to = out.data();
  std::size_t left = text.size(), room = out.size();
  iconv(state, &from, &left, &to, &room);
  iconv_close(state);
  out.resize(out.size() - room);
  return out;
}

class Instrument : public test::Folder {
 protected:
  std::vector<Curve> read(const std::string& content, Format expected) const {
    const std::string path = file("a.txt", content);
    EXPECT_EQ(name(format_of_file(path)), name(expected));
    return read_curves(path);
  }
};

const char* ta_text =
    "CLOSED\r\nVersion\t1.0\r\nInstrument\tDSC X\r\nSample\tglass\r\nSize\t12.500\tmg\r\nExotherm\tDown\r\nNsig\t3\r\nSig1\tTime (min)\r\n"
    "Sig2\tTemperature (°C)\r\nSig3\tHeat Flow "
    "(mW)\r\nOrgFile\tC:\\x\r\nStartOfData\r\n-1.000000\t1\t2\r\n0.1\t20\t-1.5\r\n0.2\t21\t-1.6\r\n"
    "-1.000000\t3\t4\r\n0.3\t22\t-1.7\r\n-1.0\t9\t9\r\n";

TEST_F(Instrument, TaUniversalAnalysis) {
  const auto curves = read(encoded(ta_text, "CP437"), Format::ta_universal);
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_THAT(curves[0].at("Temperature").values, ElementsAre(20, 21));
  EXPECT_EQ(curves[0].at("Temperature").unit, "°C");
  EXPECT_EQ(curves[1].at("Heat Flow").unit, "mW");
  EXPECT_EQ(curves[0].property("mass", "mg"), 12.5);
  EXPECT_EQ(curves[0].property("exotherm", "1"), -1);
  EXPECT_EQ(curves[1].label, "segment 2");
  EXPECT_THAT(curves[0].warnings, ElementsAre(HasSubstr("3 rows mark events")));
}

TEST_F(Instrument, TriosTextAndLims) {
  const auto text = read(
      "Filename\tx\r\n[File Parameters]\r\nName\tx\r\nSample mass\t4.2 mg\r\n[step]\r\nSweep - 1\r\nAngular frequency\tStorage "
      "modulus\tDate\t"
      "Modulus\r\nrad/s\tMPa\t\tMPa\r\n1\t10\t10/17/2022 10:27:02 AM\t\r\n2\t20\t10/17/2022 10:27:03 AM\t3\r\n[step]\r\nSweep - "
      "2\r\nAngular "
      "frequency\tStorage modulus\r\nrad/s\tMPa\r\n1\t11\r\n",
      Format::trios);
  ASSERT_EQ(text.size(), 2U);
  EXPECT_EQ(text[0].label, "Sweep - 1");
  EXPECT_EQ(text[0].columns.size(), 3U);
  EXPECT_THAT(text[0].at("Storage modulus").values, ElementsAre(10, 20));
  EXPECT_TRUE(std::isnan(text[0].at("Modulus").values[0]));
  EXPECT_EQ(text[1].property("mass", "mg"), 4.2);
  const auto lims = read(
      "[Version]\nLIMS export format version 0\n[Header]\nx\ty\n[Parameters: sample]\nName\tz\n[Step]\nStep name\tRelaxation\nNumber of "
      "points\t2\nVariables\tStep time\tModulus\nUnits\ts\tMPa\nData point\t1\t5\nData point\t2\t4\n",
      Format::trios);
  ASSERT_EQ(lims.size(), 1U);
  EXPECT_EQ(lims[0].label, "Relaxation");
  EXPECT_THAT(lims[0].at("Modulus").values, ElementsAre(5, 4));
}

TEST_F(Instrument, NetzschSingle) {
  const auto curves =
      read(encoded("#EXPORTTYPE:DATA ALL\n#FORMAT:NETZSCH5\n#DECIMAL:COMMA\n#SEPARATOR:SEMICOLON\n#SAMPLE:glass\n#SAMPLE MASS "
                   "/mg:4,98\n#EXO:-1\n#RANGE:200,0°C/10,0(K/min)/-30,0°C\n\n##Temp./°C;Time/min;DSC/(mW/mg);Segment\n "
                   "9,5;1,0;-8,7e-02;1\n 9,6;1,1;-8,8e-02;1\n",
                   "ISO-8859-1"),
           Format::netzsch);
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("DSC").values, ElementsAre(-8.7e-2, -8.8e-2));
  EXPECT_EQ(curves[0].at("DSC").unit, "mW/mg");
  EXPECT_EQ(curves[0].at("Temp.").unit, "°C");
  EXPECT_EQ(curves[0].property("mass", "mg"), 4.98);
  EXPECT_EQ(curves[0].property("exotherm", "1"), -1);
  EXPECT_EQ(curves[0].label, "glass");
  EXPECT_EQ(curves[0].property("rate", "K/min"), -10);
}

TEST_F(Instrument, FrequenciesSideBySide) {
  const auto curves = read(
      "#EXPORTTYPE:DATA ALL\n#FORMAT:NETZSCH5\n#DECIMAL:POINT\n#SEPARATOR:SEMICOLON\n##Temp./\u00b0C;E'(1.000 Hz)/MPa;tan(d)(1.000 "
      "Hz);E'(10.000 Hz)/MPa;tan(d)(10.000 Hz)\n20;1;0.1;2;0.2\n21;3;0.3;4;0.4\n",
      Format::netzsch);
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_EQ(curves[1].property("frequency", "Hz"), 10);
  EXPECT_THAT(curves[1].at("E'").values, ElementsAre(2, 4));
  EXPECT_EQ(curves[1].at("E'").unit, "MPa");
  EXPECT_THAT(curves[1].at("tan(d)").values, ElementsAre(0.2, 0.4));
  EXPECT_THAT(curves[1].at("Temp.").values, ElementsAre(20, 21));
}

TEST_F(Instrument, NetzschCompare) {
  const char* head =
      "#EXPORTTYPE:  \tDATA COMPARE  \tDATA COMPARE  \n#FORMAT:\tNETZSCH5\tNETZSCH5\n#DECIMAL:\tPOINT\tPOINT\n#SEPARATOR:\tTAB\tTAB\n"
      "#SAMPLE MASS /mg:\t5\t7\n#IDENTITY:\tA\tB\n#EXO:\t1\t1\n";
  const auto pairs =
      read(std::string(head) + "##Temp./°C\tDSC/(mW/mg) [1]\tTemp./°C\tDSC/(mW/mg) [2]\n20\t1\t30\t3\n21\t2\t31\t4\n\t\t32\t5\n",
           Format::netzsch);
  ASSERT_EQ(pairs.size(), 2U);
  EXPECT_EQ(pairs[1].label, "B");
  EXPECT_EQ(pairs[0].size(), 2U);
  EXPECT_THAT(pairs[1].at("DSC").values, ElementsAre(3, 4, 5));
  EXPECT_EQ(pairs[1].property("mass", "mg"), 7);
  const auto shared = read(std::string(head) + "##Temp./°C\tDSC/(mW/mg) [1]\tDSC/(mW/mg) [2]\n20\t1\t3\n21\t2\t4\n", Format::netzsch);
  ASSERT_EQ(shared.size(), 2U);
  EXPECT_THAT(shared[1].at("Temp.").values, ElementsAre(20, 21));
  EXPECT_THAT(shared[1].at("DSC").values, ElementsAre(3, 4));
}

TEST_F(Instrument, Mettler) {
  const auto curves = read(
      encoded("Curve Name:\n  !&Glass_Seg 2\nCurve Values:\n   Index       t      Ts      Tr     Value\n      []     [s]    [°C]    [°C]  "
              "  [mW]\n       0       0    25.1    25.0     -1.5\n       1       1    25.3    25.2     -1.6\nResults:\nSample:\n"
              "  Glass, 12.3400 mg\nCurve Name:\n  second\nCurve Values:\n Index t Value\n [] [s] [mW]\n 0 0 2\n",
              "CP1252"),
      Format::mettler);
  ASSERT_EQ(curves.size(), 2U);
  EXPECT_THAT(curves[0].at("Value").values, ElementsAre(-1.5, -1.6));
  EXPECT_EQ(curves[0].at("Ts").unit, "°C");
  EXPECT_EQ(curves[0].label, "!&Glass_Seg 2");
  EXPECT_EQ(curves[1].property("mass", "mg"), 12.34);
}

TEST_F(Instrument, SetaramInBothLayouts) {
  const std::string preamble =
      "Glass 5x\r\nCreation Date : 08/01/2025 06:19:50\r\nUser : x\r\n\r\nHeatFlow :\r\n Initial Mass : 58.3 mg\r\n Molar Mass : "
      "N/A\r\n\r\n";
  const auto modern =
      read("\xFF\xFE" + encoded(preamble + "Index;Time (s);Sample Temperature (°C);HeatFlow (mW)\r\n1;0;98.5;-17.2\r\n2;1;98.6;-17.3\r\n",
                                "UTF-16LE"),
           Format::setaram);
  ASSERT_EQ(modern.size(), 1U);
  EXPECT_THAT(modern[0].at("HeatFlow").values, ElementsAre(-17.2, -17.3));
  EXPECT_EQ(modern[0].property("mass", "mg"), 58.3);
  const auto old = read(
      encoded(
          preamble +
              "Index      Time (s)     Sample Temperature (°C)      HeatFlow (mW)\r\n1          0.0          98.5                        "
              " -17.2\r\n2          1.0          98.6                         -17.3\r\n",
          "UTF-16LE"),
      Format::setaram);
  ASSERT_EQ(old.size(), 1U);
  EXPECT_THAT(old[0].at("Sample Temperature").values, ElementsAre(98.5, 98.6));
  EXPECT_EQ(old[0].at("Time").unit, "s");
}

TEST_F(Instrument, Baehr) {
  const auto curves = read(
      encoded(
          "Bähr Thermoanalyse\nProbe:\tGlas\nEinwaage:\t20,5 mg\nZeit [s]\tTemperatur [°C]\tDTA [µV]\n0,0\t25,1\t0,5\n1,0\t25,2\t-0,5\n",
          "ISO-8859-1"),
      Format::baehr);
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("Temperatur").values, ElementsAre(25.1, 25.2));
  EXPECT_EQ(curves[0].at("DTA").unit, "µV");
  EXPECT_EQ(curves[0].property("mass", "mg"), 20.5);
}

TEST_F(Instrument, PerkinElmer) {
  const auto curves = read(
      "Filename:\tx.ds8d\nSample Weight:\t5.000 mg\n1) Heat from 30 to 300 at 20\n\nTime\tUnsubtracted\tProgram\tSample\n\tHeat "
      "Flow\tTemperature\tTemperature\n(min)\t(mW)\t(°C)\t(°C)\n0\t20.5\t30\t30.1\n0.1\t20.6\t31\t31.1\n",
      Format::perkin_elmer);
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_THAT(curves[0].at("Unsubtracted Heat Flow").values, ElementsAre(20.5, 20.6));
  EXPECT_EQ(curves[0].at("Sample Temperature").unit, "°C");
  EXPECT_EQ(curves[0].property("mass", "mg"), 5);
}

TEST_F(Instrument, RepTate) {
  const auto osc = read(
      encoded("T=-40;Mw=2.4;chem=PI;\nFreq\tG'\tG\"\tTemp\ttan_delta\nrad/s\tPa\tPa\t°C\t \n    100    91837    4.9E5    -39.9    5.4\n"
              "     63    40695    3.2E5    -39.9    8\n",
              "ISO-8859-1"),
      Format::reptate);
  ASSERT_EQ(osc.size(), 1U);
  EXPECT_THAT(osc[0].at("G\"").values, ElementsAre(4.9e5, 3.2e5));
  EXPECT_EQ(osc[0].property("temperature", "degC"), -40);
  const auto tts = read("Source=me;T=0;\n1e-4 0.6 3.2\n2e-4 0.7 3.5\n", Format::reptate);
  EXPECT_EQ(tts[0].at("G''").unit, "Pa");
  EXPECT_THAT(tts[0].warnings, ElementsAre(HasSubstr("names no columns")));
  EXPECT_THAT(read("Source=me;gamma=0;\n1\t2\n2\t3\n", Format::reptate)[0].at("G").values, ElementsAre(2, 3));
}

TEST_F(Instrument, EncodingsOfUnits) {
  const std::string table = "时间;温度 (°C);热流 (mW)\n1;2;3\n2;3;4\n", japanese = "時間;サンプル温度 (℃);熱 (mW)\n1;2;3\n2;3;4\n";
  EXPECT_EQ(decoded(encoded("时间;温度;热流 (mW)\n1;2;3\n", "GB18030"), "a").encoding, "GB18030");
  EXPECT_EQ(decoded(encoded(japanese, "CP932"), "a").text, japanese);
  EXPECT_EQ(decoded(encoded(table, "UTF-16BE"), "a").text, table);
  EXPECT_EQ(decoded(encoded("T (°C)\t“x”\n", "CP1252"), "a").text, "T (°C)\t“x”\n");
  EXPECT_EQ(decoded(encoded("T (°C)\n", "CP437"), "a").encoding, "CP437");
  EXPECT_EQ(decoded(encoded("Größe (m²·K)\n", "CP1252"), "a").text, "Größe (m²·K)\n");
  EXPECT_EQ(read(encoded(japanese, "CP932"), Format::csv)[0].columns[1].unit, "℃");
}

/// A ZIP archive with stored and deflated members, written by hand.
std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out, directory;
  const auto number = [](std::size_t v, int bytes) {
    std::string s;
    for (int i = 0; i < bytes; ++i) s += static_cast<char>(v >> (8 * i) & 255);
    return s;
  };
  bool deflated = false;
  for (const auto& [name, content] : files) {
    std::string packed = content;
    if ((deflated = !deflated)) {
      packed.resize(compressBound(static_cast<uLong>(content.size())) + 16);
      z_stream z{};
      deflateInit2(&z, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY);
      z.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data())), z.avail_in = static_cast<uInt>(content.size());
      z.next_out = reinterpret_cast<Bytef*>(packed.data()), z.avail_out = static_cast<uInt>(packed.size());
      deflate(&z, Z_FINISH);
      packed.resize(z.total_out);
      deflateEnd(&z);
    }
    const std::string common = number(20, 2) + number(0, 2) + number(deflated ? 8 : 0, 2) + number(0, 8) + number(packed.size(), 4) +
                               number(content.size(), 4) + number(name.size(), 2) + number(0, 2);
    directory += std::string("PK\x01\x02") + number(20, 2) + common + number(0, 10) + number(out.size(), 4) + name;
    out += std::string("PK\x03\x04") + common + name + packed;
  }
  return out + directory + std::string("PK\x05\x06") + number(0, 4) + number(files.size(), 2) + number(files.size(), 2) +
         number(directory.size(), 4) + number(out.size(), 4) + number(0, 2);
}

TEST_F(Instrument, Xlsx) {
  const std::string book =
      zip({{"[Content_Types].xml", "<Types/>"},
           {"xl/workbook.xml",
            "<workbook><sheets><sheet name=\"Notes\" r:id=\"r1\"/><sheet name=\"Data &amp; more\" r:id=\"r2\"/></sheets></workbook>"},
           {"xl/_rels/workbook.xml.rels",
            "<Relationships><Relationship Id=\"r1\" Target=\"worksheets/a.xml\"/><Relationship Id=\"r2\" "
            "Target=\"/xl/worksheets/b.xml\"/></Relationships>"},
           {"xl/sharedStrings.xml", "<sst><si><t>f (Hz)</t></si><si><r><t>E' </t></r><r><t>(MPa)</t></r></si></sst>"},
           {"xl/worksheets/a.xml",
            "<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>hello</t></is></c></row></sheetData></worksheet>"},
           {"xl/worksheets/b.xml",
            "<worksheet><sheetData><row r=\"3\"><c r=\"B3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c></row>"
            "<row r=\"4\"><c r=\"B4\"><v>1</v></c><c r=\"C4\"><f>1+1</f><v>2E3</v></c></row><row r=\"5\"><c r=\"B5\"><v>2</v></c><c "
            "r=\"C5\"/></row>"
            "<row r=\"6\"><c r=\"B6\"><v>3</v></c><c r=\"C6\"><v>4</v></c></row><row><c><v/></c><c><v>4</v></c><c><v>5</v></c></row>"
            "<row><c/><c><v>5</v></c><c><v>6</v></c></row></sheetData></worksheet>"}});
  const std::string path = file("a.xlsx", book);
  EXPECT_EQ(name(format_of_file(path)), name(Format::xlsx));
  const auto curves = read_curves(path);
  ASSERT_EQ(curves.size(), 1U);
  EXPECT_EQ(curves[0].label, "Data & more");
  EXPECT_EQ(curves[0].at("E'").unit, "MPa");
  EXPECT_EQ(curves[0].at("E'").values[0], 2000);
  EXPECT_TRUE(std::isnan(curves[0].at("E'").values[1]));
  EXPECT_THAT(test::message([&] { read_xlsx(file("b.xlsx", book.substr(0, 600))); }), HasSubstr("must be whole"));
}

/// What each shared file must give: number of curves, and one value that was read off the file.
struct Expected {
  const char* file;
  std::size_t curves, rows;
  const char *column, *unit;
  double first;
};

TEST_F(Instrument, SharedFiles) {
  const std::filesystem::path shared = std::filesystem::path(HETEROGLASS_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "the measured files of ../shared are not there";
  const Expected table[] = {
      {"relaxation/plazek_ps_creep/tts_plazek.csv", 10, 22, "Y", "", 8.566758762583878e-7},
      {"relaxation/polyisoprene_osc/PI2K-30d.osc", 1, 2, "G'", "Pa", 1549.8},
      {"relaxation/polyisoprene_osc/PI2K-60d.osc", 1, 19, "tan_delta", "1", 10.1677},
      {"relaxation/polyisoprene_osc/PI88K-09_FS_-45C_PP-10.osc", 1, 22, "G\"", "Pa", 8.5878e6},
      {"relaxation/pyvisco_dma/freq_Eplexor_master.xls", 2, 21, "Shift", "", -4.08},
      {"relaxation/pyvisco_dma/freq_Eplexor_master_shear.xls", 2, 23, "Shift", "", -31.32},
      {"relaxation/pyvisco_dma/freq_Eplexor_raw.xls", 1, 210, "E''", "MPa", 93.074490446},
      {"relaxation/pyvisco_dma/freq_user_raw.csv", 1, 210, "E_loss", "MPa", 93.07449045},
      {"relaxation/pyvisco_dma/time_user_raw.csv", 1, 210, "T", "°C", -49.9612},
      {"relaxation/pyvisco_dma/prony_terms_KPf_MD.csv", 1, 31, "rel_time", "", 0.01},
      {"relaxation/respect_tests/test5.tts", 1, 30, "G'", "Pa", 7.75e5},
      {"relaxation/respect_tests/test6.gt", 1, 26, "G", "Pa", 8.38855e5},
      {"exports/ta_universal_analysis_dsc2920_cp437.txt", 2, 9500, "Heat Flow", "mW", -10.46185},
      {"exports/trios_lims_creep.txt", 1, 483, "Torque", "µN.m", 1533.98083057255},
      {"exports/setaram_new_utf16le_semicolon_first2000.txt", 1, 1987, "HeatFlow", "mW", -17.208829},
      {"exports/netzsch5_ascii_header_described.txt", 1, 1, "DSC", "mW/mg", -8.719357e-02},
  };
  for (const Expected& e : table) {
    const std::vector<Curve> curves = read_curves((shared / e.file).string());
    ASSERT_EQ(curves.size(), e.curves) << e.file;
    EXPECT_EQ(curves[0].size(), e.rows) << e.file;
    EXPECT_EQ(curves[0].at(e.column).unit, e.unit) << e.file;
    EXPECT_NEAR(curves[0].at(e.column).values[0], e.first, 1e-9 * std::abs(e.first)) << e.file;
  }
  EXPECT_THAT(test::message([&] { read_curves((shared / "exports/setaram_excel_mangled_thousands.csv").string()); }),
              HasSubstr(":2: Furnace Temperature must be a number with a decimal comma, got '50.026.184'"));
}

/// No file may be refused but the damaged one and those of prose.
TEST_F(Instrument, EverySharedFileIsReadOrRefusedWithAReason) {
  const std::filesystem::path shared = std::filesystem::path(HETEROGLASS_SOURCE_DIR) / "../shared/data";
  if (!std::filesystem::exists(shared)) GTEST_SKIP() << "the measured files of ../shared are not there";
  for (const char* folder : {"relaxation", "exports"})
    for (const auto& entry : std::filesystem::recursive_directory_iterator(shared / folder)) {
      if (!entry.is_regular_file()) continue;
      const std::string file = entry.path().filename().string();
      const std::string said = test::message([&] { EXPECT_GT(read_curves(entry.path().string()).size(), 0U); });
      const bool refused = file.starts_with("README") || file.find("mangled") != std::string::npos;
      EXPECT_THAT(said, refused ? testing::StartsWith("3 ") : testing::StartsWith("no error")) << file;
    }
}

}  // namespace
}  // namespace heteroglass::io
