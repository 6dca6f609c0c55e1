#include "common/webhook/base64.hpp"
#include "tests/catch.hpp"

namespace {

std::vector<std::uint8_t> bytes_of(std::string_view text)
{
    return {text.begin(), text.end()};
}

} // namespace

TEST_CASE("the base64 examples of RFC 4648 are written and read")
{
    const auto [plain, encoded] = GENERATE(table<std::string, std::string>({{"", ""},
                                                                            {"f", "Zg=="},
                                                                            {"fo", "Zm8="},
                                                                            {"foo", "Zm9v"},
                                                                            {"foob", "Zm9vYg=="},
                                                                            {"fooba", "Zm9vYmE="},
                                                                            {"foobar", "Zm9vYmFy"}}));
    CHECK(webhook::to_base64(bytes_of(plain)) == encoded);
    CHECK(webhook::from_base64(encoded) == bytes_of(plain));
}

TEST_CASE("every byte at every place survives base64")
{
    for (unsigned value = 0; value < 256; ++value) {
        for (std::size_t place = 0; place < 4; ++place) {
            std::vector<std::uint8_t> bytes(4, 0x5A);
            bytes[place] = static_cast<std::uint8_t>(value);
            CHECK(webhook::from_base64(webhook::to_base64(bytes)) == bytes);
        }
    }
}

TEST_CASE("base64 that is not padded, not canonical or not clean is not read")
{
    const std::string text =
        GENERATE(as<std::string>{}, "Zg", "Zg=", "Zm8", "Z", "Zm9vY", "=",
                 "==", "====", "Z===", "Zg===", "Zm9v====", "Zh==", "Zm9=", "Zm8=Zm8=", "Zg==Zg==", "Z=g=",
                 "=Zg=", " Zg==", "Zg== ", "Zm 8=", "Zm8=\n", "Zm9\n", "Zm-_", "Zm9.", "\xC3\xA4==");
    CAPTURE(text);
    CHECK_FALSE(webhook::from_base64(text).has_value());
}

TEST_CASE("base64 with a NUL in it is not read")
{
    CHECK_FALSE(webhook::from_base64(std::string_view{"Zm9\0", 4}).has_value());
}
