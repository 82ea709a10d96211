package quiz;

import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.commons.text.WordUtils;

/** The questions. */
final class Questions {
    private static final String[][] ALL = {
        {"how many legs has a spider", "eight"},
        {"which planet is the largest", "jupiter"},
        {"what do bees make", "honey"},
    };

    private Questions() {}

    static Map<String, String> get(int number) {
        String[] one = ALL[Math.floorMod(number, ALL.length)];
        Map<String, String> question = new LinkedHashMap<>();
        question.put("question", WordUtils.capitalize(one[0]) + "?");
        question.put("answer", one[1]);
        return question;
    }
}
